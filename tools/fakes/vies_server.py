"""VIES's REST service on loopback, as far as the shop uses it: `POST /check-vat-number`.

https://ec.europa.eu/taxation_customs/vies/#/technical-information
"""

from dataclasses import dataclass, field

from tools.fakes.serving import Answered, Asked, Server

PATH = "/check-vat-number"
REQUEST_DATE = "2026-12-01T10:00:00.000Z"


@dataclass
class Business:
    """Whose a valid number is; a member state that does not tell the name has dashes for it."""

    name: str = "---"
    address: str = "---"


@dataclass
class Register:
    """The numbers that are valid, and the member states that do not answer."""

    valid: dict[str, Business] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)


class Vies(Server):
    """The service; `register` is what the member states know."""

    controls = ("enter", "strike", "silence")

    def __init__(self) -> None:
        super().__init__()
        self.register = Register()

    def enter(self, number: str, name: str = "---") -> None:
        """Makes a number valid."""
        self.register.valid[number] = Business(name)

    def strike(self, number: str) -> None:
        """Makes it invalid again."""
        self.register.valid.pop(number, None)

    def silence(self, country: str) -> None:
        """Makes a member state stop answering."""
        self.register.silent.add(country)

    def handle(self, asked: Asked) -> Answered:
        """The answer to a request."""
        if (asked.method, asked.path) != ("POST", PATH):
            return Answered(404, {"status": 404, "error": "Not Found"})
        body = asked.json if isinstance(asked.json, dict) else {}
        country, number = str(body.get("countryCode", "")), str(body.get("vatNumber", ""))
        if len(country) != 2 or not number or not number.isalnum():
            return _refused(400, "INVALID_INPUT")
        if country in self.register.silent:
            return _refused(500, "MS_UNAVAILABLE")
        business = self.register.valid.get(country + number)
        return Answered(200, _checked(country, number, business))


def _checked(country: str, number: str, business: Business | None) -> dict[str, object]:
    found = business or Business()
    return {
        "countryCode": country,
        "vatNumber": number,
        "requestDate": REQUEST_DATE,
        "valid": business is not None,
        "requestIdentifier": "",
        "name": found.name,
        "address": found.address,
        "traderName": "---",
        "traderStreet": "---",
        "traderPostalCode": "---",
        "traderCity": "---",
        "traderCompanyType": "---",
        "traderNameMatch": "NOT_PROCESSED",
        "traderStreetMatch": "NOT_PROCESSED",
        "traderPostalCodeMatch": "NOT_PROCESSED",
        "traderCityMatch": "NOT_PROCESSED",
        "traderCompanyTypeMatch": "NOT_PROCESSED",
    }


def _refused(status: int, word: str) -> Answered:
    return Answered(status, {"actionSucceed": False, "errorWrappers": [{"error": word}]})
