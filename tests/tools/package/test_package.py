"""The packages as Lambda gets them: unpacked, imported with nothing else, asked."""

import hashlib
import importlib.util
import json
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tools.package.conftest import STAGES, Package
from tools.package.build import build

# Each stage is built, with its libraries.
pytestmark = pytest.mark.exhaustive

Packages = Callable[[str], Package]
DOMAINS = sorted(STAGES)

# A route of each domain that answers without a table: by its body or its missing token.
ROUTES = {
    "catalog": ("POST", "/api/products"),
    "orders": ("POST", "/api/orders"),
    "content": ("POST", "/api/personaggi"),
    "shop": ("POST", "/api/auth/login"),
    "etsy_sync": ("POST", "/webhook/shopify"),
}
SEALING = "cryptography.hazmat.primitives.ciphers.aead"
# What a domain imports on use; the others' packages do not hold it.
BRINGS = {
    "catalog": ["PIL.Image", "multipart", "jwt", "argon2", "idna", SEALING],
    "orders": ["stripe", "requests", "jwt", "jinja2", "reportlab.pdfgen.canvas", "PIL.Image"],
    "content": ["PIL.Image", "multipart", "jwt"],
    "shop": ["argon2", "jwt", "idna", SEALING, "cryptography.hazmat.primitives.twofactor.totp"],
    "etsy_sync": [SEALING, "jwt", "requests"],
}
# What the code reads besides itself: the studio, names of countries, templates, rates of tax.
TEXTS = (
    "shop/studio/page/",
    "common/country_data/",
    "common/http/page_templates/",
    "orders/page_templates/",
    "orders/withdrawal_templates/",
    "shop/mail/templates/",
    "orders/tax_rates.json",
    # Whose font it is.
    "fontpkg_lato/metadata.json",
)
# What a domain brings besides itself and common, because it works with it.
WITH = {"etsy_sync": {"orders"}}
# What costs the most room, and the only domains whose packages may hold it.
LARGE = {
    "stripe": {"orders"},
    "PIL": {"catalog", "content", "orders"},
    "reportlab": {"orders"},
    "argon2": {"catalog", "shop"},
    "cryptography": {"catalog", "etsy_sync", "shop"},
    "requests": {"orders", "etsy_sync"},
}
# Reads an event, prints the answer and where each module of the project came from.
ASK = """
import importlib, json, sys
tree, given = sys.argv[1:3]
sys.path[:] = [tree, *sys.path[:0], *[p for p in sys.path if "site-packages" not in p and p], given]
import app
answers = [app.app(event, None) for event in json.load(sys.stdin)]
brought = [name for name in json.loads(sys.argv.pop()) if importlib.import_module(name)]
names = ("app", "common", "chalice", "boto3", *brought)
print(json.dumps({
    "answers": answers,
    "places": {n: sys.modules[n].__file__ for n in names if n in sys.modules},
    "domains": [n for n in (*json.loads(sys.argv.pop()), "tools", "migration", "tests") if n in sys.modules],
}))
"""


def event(method: str, path: str, body: str | None = None) -> dict[str, Any]:
    about = {"resourcePath": path, "httpMethod": method, "path": path, "identity": {"sourceIp": "192.0.2.1"}}
    headers = {"content-type": "application/json", "origin": "https://www.example.com"}
    return {"path": path, "httpMethod": method, "headers": headers, "body": body, "requestContext": about}


def ask(package: Package, given: Path, domain: str, *events: dict[str, Any]) -> dict[str, Any]:
    """What the unpacked app answers, in a process that sees the zip, boto3 and nothing else."""
    environment = json.loads((package.folder / "sam.json").read_text())
    told = environment["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"]
    variables = {name: value for name, value in told.items() if isinstance(value, str)}
    process = subprocess.run(
        [
            sys.executable,
            "-S",
            "-B",
            "-P",
            "-c",
            ASK,
            str(package.tree),
            str(given),
            json.dumps(DOMAINS),
            json.dumps(BRINGS[domain]),
        ],
        input=json.dumps(events),
        env={**variables, "JWT_SECRET": "k" * 40, "ADMIN_PASSWORD_HASH": "x", "AWS_REGION": "eu-west-1"},
        cwd=package.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return dict(json.loads(process.stdout.splitlines()[-1]))


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_package_answers_its_own_routes_and_only_those(
    packages: Packages, given: Path, domain: str
) -> None:
    asked = {other: event(*ROUTES[other], body="{}") for other in DOMAINS}
    said = ask(packages(domain), given, domain, *asked.values())
    statuses = dict(zip(asked, (answer["statusCode"] for answer in said["answers"]), strict=True))
    assert statuses.pop(domain) in {400, 401}
    assert set(statuses.values()) == {404}
    assert said["domains"] == [domain]
    headers = said["answers"][0]["headers"]
    assert headers["Access-Control-Allow-Origin"] == "https://www.example.com"


@pytest.mark.parametrize("domain", DOMAINS)
def test_everything_comes_from_the_zip_but_boto3(packages: Packages, given: Path, domain: str) -> None:
    package = packages(domain)
    places = ask(package, given, domain, event("OPTIONS", "/health"))["places"]
    boto3 = places.pop("boto3", str(given))
    assert boto3.startswith(str(given))
    assert {"app", "common", "chalice", *BRINGS[domain]} <= set(places)
    assert all(place.startswith(str(package.tree)) and place.endswith(".pyc") for place in places.values())


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_package_holds_its_domain_and_no_other(packages: Packages, domain: str) -> None:
    tops = {name.partition("/")[0] for name in packages(domain).names}
    assert {"app.pyc", "common", "chalice", domain} <= tops
    others = {*DOMAINS, "tools", "migration", "benchmarks", "docs", "infra", "vendor", "boto3", "pip"}
    assert not tops & (others - {domain} - WITH.get(domain, set()))
    assert {name for name in LARGE if name in tops} == {name for name in LARGE if domain in LARGE[name]}
    assert not [
        top for top in tops if top.startswith(("boto", "s3transfer", "setuptools", "click", "inquirer"))
    ]


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_apis_document_and_its_page_stay_out(packages: Packages, domain: str) -> None:
    names = [name.lower() for name in packages(domain).names]
    assert any(name.startswith("aws_lambda_powertools/") for name in names)
    for word in ("swagger", "openapi.json", "api_document", "apispec", "page.js"):
        assert not [name for name in names if word in name]


def test_the_studio_is_served_from_the_zip(packages: Packages, given: Path) -> None:
    page, script, missing = (
        event("GET", "/studio"),
        event("GET", "/studio/{asset}"),
        event("GET", "/studio/{asset}"),
    )
    script |= {"path": "/studio/uplot.js", "pathParameters": {"asset": "uplot.js"}}
    missing |= {"path": "/studio/files.pyc", "pathParameters": {"asset": "files.pyc"}}
    answers = ask(packages("shop"), given, "shop", page, script, missing)["answers"]
    assert [answer["statusCode"] for answer in answers] == [200, 200, 404]
    assert "<title>Studio</title>" in answers[0]["body"]
    assert "uPlot (v1.6.32)" in answers[1]["body"][:100]
    assert "shop/studio/page/uplot-license.txt" in packages("shop").names


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_test_cache_secret_or_data_is_inside(packages: Packages, domain: str) -> None:
    for name in packages(domain).names:
        parts = Path(name).parts
        assert not {"tests", "test", "__pycache__", ".cache", ".data", "fixtures", "node_modules"} & set(
            parts
        )
        # Stripe has resources of such names, which its own client imports.
        ours = [part for part in parts if parts[0] != "stripe"]
        assert not any(part.startswith((".", "test_", "conftest")) for part in ours), name
        if name.startswith(TEXTS):
            continue
        assert parts[0] not in {"common", *DOMAINS} or name.endswith(".pyc"), name
        assert Path(name).suffix not in {
            ".py",
            ".pyi",
            ".env",
            ".json",
            ".csv",
            ".db",
            ".sqlite",
            ".log",
            ".toml",
        }


def test_compiled_modules_are_never_compared_with_a_source(packages: Packages) -> None:
    modules = list(packages("catalog").tree.rglob("*.pyc"))
    assert len(modules) > 100
    for module in modules:
        head = module.read_bytes()[:8]
        assert head[:4] == importlib.util.MAGIC_NUMBER
        # PEP 552: bit 0 means by hash, bit 1 that the hash is checked.
        assert int.from_bytes(head[4:], "little") == 1


def test_libraries_are_for_lambda(packages: Packages) -> None:
    libraries = [name for name in packages("catalog").names if ".so" in name]
    assert any("PIL/" in name for name in libraries)
    tag = sysconfig.get_config_var("py_version_nodot")
    for name in libraries:
        assert "darwin" not in name
        assert "x86_64-linux-gnu" in name or "abi3" in name or ".libs/" in name
        assert "cpython-" not in name or f"cpython-{tag}-" in name


def test_two_builds_are_the_same_to_the_byte(packages: Packages, tmp_path: Path) -> None:
    first = packages("shop").folder
    printed = build(STAGES["shop"], tmp_path)
    for name in ("deployment.zip", "sam.json"):
        assert digest(first / name) == digest(tmp_path / name)
    assert digest(tmp_path / "deployment.zip") in printed
    assert "KiB" in printed


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_package_stays_far_below_lambdas_limits(packages: Packages, domain: str) -> None:
    package = packages(domain)
    unpacked = sum(path.stat().st_size for path in package.tree.rglob("*") if path.is_file())
    assert (package.folder / "deployment.zip").stat().st_size < 20 * 1024 * 1024
    assert unpacked < 60 * 1024 * 1024


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_template_deploys_the_zip_with_its_domains_rights(packages: Packages, domain: str) -> None:
    template = json.loads((packages(domain).folder / "sam.json").read_text())
    handler = template["Resources"]["APIHandler"]["Properties"]
    assert handler["CodeUri"] == "./deployment.zip"
    assert handler["Runtime"] == f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert (handler["Architectures"], handler["Timeout"], handler["MemorySize"]) == (["x86_64"], 29, 1024)
    assert handler["Environment"]["Variables"]["SHOP_DOMAINS"] == domain
    role = template["Resources"]["ApiHandlerRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    written = json.loads(Path(f".chalice/policies/{domain}.json").read_text())
    # The stages seal with a stored key, so that none of them has the right to one of KMS; nor has one that
    # names no address to write from the right to send mail.
    unused = {"kms:Decrypt", "ses:SendEmail"}
    actions = [part["Action"] for part in written["Statement"] if unused.isdisjoint(part["Action"])]
    assert [part["Action"] for part in role["Statement"]] == actions
    roles = [name for name, each in template["Resources"].items() if each["Type"] == "AWS::IAM::Role"]
    assert roles == ["ApiHandlerRole"]


def functions(packages: Packages, domain: str) -> dict[str, dict[str, Any]]:
    """The functions of a template by name, without the API's."""
    resources = json.loads((packages(domain).folder / "sam.json").read_text())["Resources"]
    found = {n: r["Properties"] for n, r in resources.items() if r["Type"] == "AWS::Serverless::Function"}
    return {name: properties for name, properties in found.items() if name != "APIHandler"}


def test_the_scheduled_functions_are_deployed_with_their_rates(packages: Packages) -> None:
    rates = {
        name: event["Properties"]["Schedule"]
        for name, properties in functions(packages, "etsy_sync").items()
        for event in properties["Events"].values()
        if event["Type"] == "Schedule"
    }
    assert rates == {
        "SyncTokens": "rate(10 minutes)",
        "SyncInventory": "rate(30 minutes)",
        "SyncProducts": "rate(6 hours)",
        "SyncReceipts": "rate(5 minutes)",
        "SyncOrders": "rate(5 minutes)",
        "SyncReturns": "rate(1 hour)",
        "SyncUndelivered": "rate(1 hour)",
        "SyncReconcile": "cron(0 2 * * ? *)",
    }


def test_the_queue_is_read_in_batches_that_fail_message_by_message(packages: Packages) -> None:
    deployed = functions(packages, "etsy_sync")
    reading = {
        name: event["Properties"]
        for name, properties in deployed.items()
        for event in properties["Events"].values()
        if event["Type"] == "SQS"
    }
    assert set(reading) == {"TellChannels"}
    event = reading["TellChannels"]
    assert event["BatchSize"] == 10
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    arn = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:artshop-stock"
    assert event["Queue"] == {"Fn::Sub": arn}
    # With a limit, Lambda would go on polling an idle queue by five connections.
    assert "ScalingConfig" not in event


def test_functions_have_time_memory_and_a_handler_of_their_own(packages: Packages) -> None:
    deployed = functions(packages, "etsy_sync")
    assert deployed["TellChannels"]["Timeout"] == 120
    assert {each["MemorySize"] for each in deployed.values()} == {512}
    assert {deployed[f"Sync{name}"]["Timeout"] for name in ("Tokens", "Receipts", "Orders")} == {300}
    assert {deployed[f"Sync{name}"]["Timeout"] for name in ("Inventory", "Products", "Reconcile")} == {900}
    for name, each in deployed.items():
        written = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
        assert each["Handler"] == f"etsy_sync.lambdas.{written[1:]}"
        assert each["Environment"]["Variables"]["STOCK_QUEUE_URL"]["Fn::Sub"].endswith("/artshop-stock")


def test_no_other_stage_runs_jobs(packages: Packages) -> None:
    assert functions(packages, "content") == {}


def test_unpaid_orders_are_cancelled_by_the_stage_of_the_orders(packages: Packages) -> None:
    deployed = functions(packages, "orders")
    assert set(deployed) == {"CancelUnpaidOrders"}
    job = deployed["CancelUnpaidOrders"]
    assert job["Handler"] == "orders.lambdas.cancel_unpaid_orders"
    assert (job["Timeout"], job["MemorySize"]) == (300, 512)
    (event,) = job["Events"].values()
    assert (event["Type"], event["Properties"]["Schedule"]) == ("Schedule", "rate(10 minutes)")
    assert job["EventInvokeConfig"] == {"MaximumRetryAttempts": 0}
    assert job["Environment"]["Variables"]["STOCK_QUEUE_URL"]["Fn::Sub"].endswith("/artshop-stock")


def test_days_are_summarised_by_the_stage_of_the_shop(packages: Packages) -> None:
    deployed = functions(packages, "shop")
    assert set(deployed) == {"SendMails", "SendWaitingMails", "SummariseAnalytics"}
    job = deployed["SummariseAnalytics"]
    assert job["Handler"] == "shop.lambdas.summarise_analytics"
    assert (job["Timeout"], job["MemorySize"]) == (300, 512)
    (event,) = job["Events"].values()
    assert (event["Type"], event["Properties"]["Schedule"]) == ("Schedule", "rate(1 hour)")
    assert job["EventInvokeConfig"] == {"MaximumRetryAttempts": 0}


def test_works_follow_their_creator_by_the_stage_of_the_catalogue(packages: Packages) -> None:
    deployed = functions(packages, "catalog")
    assert set(deployed) == {"FollowCreators", "WriteCatalogueSnapshot"}
    job = deployed["FollowCreators"]
    assert job["Handler"] == "catalog.lambdas.follow_creators"
    assert (job["Timeout"], job["MemorySize"]) == (300, 512)
    (event,) = job["Events"].values()
    assert (event["Type"], event["Properties"]["Schedule"]) == ("Schedule", "rate(10 minutes)")
    assert job["EventInvokeConfig"] == {"MaximumRetryAttempts": 0}


def test_snapshots_are_written_by_the_stage_of_the_catalogue(packages: Packages) -> None:
    job = functions(packages, "catalog")["WriteCatalogueSnapshot"]
    assert job["Handler"] == "catalog.lambdas.write_catalogue_snapshot"
    assert (job["Timeout"], job["MemorySize"]) == (900, 1769)
    (event,) = job["Events"].values()
    assert (event["Type"], event["Properties"]["Schedule"]) == ("Schedule", "rate(10 minutes)")
    assert job["EventInvokeConfig"] == {"MaximumRetryAttempts": 0}
    assert job["Environment"]["Variables"]["S3_BUCKET_NAME"]


@pytest.mark.parametrize("domain", DOMAINS)
def test_who_changes_stock_knows_the_queue(packages: Packages, domain: str) -> None:
    template = json.loads((packages(domain).folder / "sam.json").read_text())
    variables = template["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"]
    assert ("STOCK_QUEUE_URL" in variables) == (domain in {"catalog", "orders", "etsy_sync"})


def test_a_function_starts_from_the_zip_alone(packages: Packages, given: Path) -> None:
    """As Lambda starts it: its module and nothing else, and the queue's batch answered one by one."""
    package = packages("etsy_sync")
    start = (
        "import importlib, json, sys\n"
        "sys.path[:] = [sys.argv[1], *[p for p in sys.path if 'site-packages' not in p and p], sys.argv[2]]\n"
        "module = importlib.import_module('etsy_sync.lambdas')\n"
        "print(json.dumps(module.tell_channels({'Records': []}, None)), module.__file__)\n"
    )
    process = subprocess.run(
        [sys.executable, "-S", "-B", "-P", "-c", start, str(package.tree), str(given)],
        env={"AWS_REGION": "eu-west-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert (
        process.stdout.splitlines()[-1] == f'{{"batchItemFailures": []}} {package.tree}/etsy_sync/lambdas.pyc'
    )


def test_the_template_names_only_what_it_defines(packages: Packages) -> None:
    text = (packages("catalog").folder / "sam.json").read_text()
    resources = json.loads(text)["Resources"]
    assert "${ApiHandler}" not in text
    assert resources["ApiHandlerLogGroup"]["Properties"]["LogGroupName"] == {
        "Fn::Sub": "/aws/lambda/${APIHandler}"
    }


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
