"""The shop's Chalice app: mounts the domains that `SHOP_DOMAINS` names, importing no other."""

import importlib
import os

from common import config
from common.http import ShopApp, create_app
from common.http.routing import Routes

DOMAINS = ("catalog", "orders", "content", "shop", "etsy_sync")


WITH_FUNCTIONS = ("catalog", "orders", "shop", "etsy_sync")


def domain_names() -> list[str]:
    """The domains of this deployment: `SHOP_DOMAINS`, separated by commas; default all of them.

    ConfigurationError for a name that is none.
    """
    names = [name.strip() for name in config.setting("SHOP_DOMAINS", ",".join(DOMAINS)).split(",")]
    unknown = [name for name in names if name not in DOMAINS]
    if unknown:
        raise config.ConfigurationError(
            f"SHOP_DOMAINS names {', '.join(map(repr, unknown))}; there are {', '.join(DOMAINS)}"
        )
    return list(dict.fromkeys(names))


def load_routes(domain: str) -> Routes:
    """What the domain's `routes` module or package declares."""
    routes: Routes = importlib.import_module(f"{domain}.routes").routes
    return routes


def add_functions(shop: ShopApp, domain: str) -> None:
    """Add the Lambda functions that the domain has besides its routes: schedules and queues."""
    if domain in WITH_FUNCTIONS:
        importlib.import_module(f"{domain}.lambdas").register(shop)


def check_settings() -> None:
    """Refuse to start with a setting that would only fail later, or be passed over.

    ConfigurationError. What is not set is not looked at, which spares the import.
    """
    config.refuse_other_storage()
    config.log_level()
    config.catalogue_snapshot()
    config.catalogue_largest_in_memory()
    if config.setting("SHOP_TIME_ZONE"):
        config.shop_time_zone()


def prepare_command_line() -> None:
    """On Chalice's command line: lead `chalice local` to the engine, refuse `chalice deploy`."""
    if os.environ.get("AWS_CHALICE_CLI_MODE"):
        from tools.local.chalice_cli import prepare

        prepare()


prepare_command_line()
check_settings()
app = create_app("artshop", [load_routes(name) for name in domain_names()])
for mounted in domain_names():
    add_functions(app, mounted)
