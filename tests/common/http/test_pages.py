"""Pages made of templates, and errors as pages: whatever they show is text, and nobody is left with JSON."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from common.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from common.http import PUBLIC, Body, Envelope, Request, Routes, create_app
from common.http.pages import HTML, SHARED, environment, page
from common.languages import LANGUAGES
from common.signed_links import LinkEnded
from tests.support.http import Answer, Client
from tools.api_document.document import api_document

_FAILURES: dict[str, Exception] = {
    "absent": NotFound("There is no <such> thing"),
    "ended": LinkEnded(),
    "invalid": InvalidInput("name is required", fields={"name": ["is required"]}),
    "often": TooManyRequests("Too many", 7),
    "state": Conflict("Not enough"),
    "broken": RuntimeError("the secret of the house"),
}
HEADINGS = {
    "absent": (404, "This page is not there", "Questa pagina non esiste"),
    "ended": (404, "This link has expired", "Questo link è scaduto"),
    "invalid": (400, "This could not be read", "Non è stato possibile leggere la richiesta"),
    "often": (429, "That was too often", "Troppi tentativi"),
    "state": (409, "This is not possible now", "Ora non è possibile"),
    "broken": (500, "Something went wrong", "Qualcosa è andato storto"),
}


def pages_of_things() -> Routes:
    routes = Routes("shop")

    @routes.get("/things/{how}", role=PUBLIC, media_types=(HTML,), envelope=Envelope.PAGE, refuses=(429, 409))
    def fail(request: Request) -> None:
        raise _FAILURES[request.params["how"]]

    @routes.post("/things", role=PUBLIC, body=Body(), media_types=(HTML,), envelope=Envelope.PAGE)
    def read(request: Request) -> None:
        request.payload()

    return routes


def ask(how: str, language: str = "en") -> Answer:
    client = Client(create_app("things", [pages_of_things()]))
    return client.get(f"/things/{how}", headers={"Accept-Language": language})


@pytest.mark.parametrize(("how", "said"), HEADINGS.items())
def test_an_error_is_a_page_in_the_language_of_who_asks(how: str, said: tuple[int, str, str]) -> None:
    status, english, italian = said
    for language, heading in (("en-GB,en;q=0.9", english), ("it-IT", italian), ("", italian)):
        answer = ask(how, language)
        assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert f"<h1>{heading}</h1>" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert "secret" not in ask(how).text


def test_it_says_when_to_come_again_and_what_to_name_to_the_shop() -> None:
    assert ask("often").headers["Retry-After"] == "7"
    broken = ask("broken")
    assert broken.headers["X-Request-Id"] in broken.text


def test_a_body_of_another_kind_is_refused_by_a_page() -> None:
    client = Client(create_app("things", [pages_of_things()]), headers={"Accept-Language": "en"})
    answer = client.post("/things", data=b"<x/>", headers={"Content-Type": "application/xml"})
    assert (answer.status, "<h1>This could not be read</h1>" in answer.text) == (415, True)


def test_an_error_page_that_cannot_be_made_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_LANGUAGE", "tlh")
    answer = ask("absent", "")
    assert (answer.status, answer.headers["Content-Type"]) == (500, "application/json")


def test_a_page_escapes_what_it_shows_and_loads_nothing_of_others(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '{% extends "layout.html" %}{% block title %}{{ x }}{% endblock %}'
        "{% block content %}{{ x }}{% endblock %}"
    )
    made = page(tmp_path, "a.html", {"language": "en", "x": "<script>alert(1)</script>"})
    assert "<script>" not in made.body.text
    assert "&lt;script&gt;" in made.body.text
    policy = made.headers["Content-Security-Policy"]
    assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "script-src" not in policy
    assert made.headers["X-Robots-Tag"] == "noindex"


def test_a_value_that_is_not_there_leaves_no_gap(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("{{ missing }}")
    with pytest.raises(UndefinedError):
        page(tmp_path, "a.html", {})


def test_the_texts_of_errors_are_there_in_every_language() -> None:
    kinds = ("ended", "absent", "often", "unread", "state", "broken")
    for language in LANGUAGES:
        texts = environment(SHARED).get_template(f"refusal.{language}.html").module
        titles = {str(texts.title(kind)).strip() for kind in kinds}  # type: ignore[attr-defined]
        assert len(titles) == len(kinds)
        assert all(re.search(r"\w", title) for title in titles)


def test_the_apis_document_says_that_an_error_is_a_page() -> None:
    document = api_document(pages_of_things())
    refused = document["paths"]["/things/{how}"]["get"]["responses"]["404"]["$ref"].rpartition("/")[2]
    assert document["components"]["responses"][refused]["content"].keys() == {HTML}
