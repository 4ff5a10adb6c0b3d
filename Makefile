# `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAGE ?= prod
WORKERS ?= auto
# Its name follows what the requirements pin and which packages there are: made anew when they change, and only then.
STAMP := $(VENV)/.requirements-$(shell (cat requirements.txt requirements-dev.txt; ls */__init__.py) | cksum | tr ' ' '-')

# The first Python of 3.11 or later that has what a virtual environment needs.
define FIND_PYTHON
for candidate in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
  if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
    echo "$$candidate"; exit 0; \
  fi; \
done; \
echo "Python 3.11 or later with its venv module is needed, and none is on the PATH." >&2; \
echo "Name one with PYTHON=/path/to/python3 make ..., or install it (Debian: python3 and python3-venv)." >&2; \
exit 1
endef

.PHONY: help
help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' \
	  | while IFS='|' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

.PHONY: setup
setup: $(STAMP) ## Make the virtual environment, which the other commands do by themselves

$(STAMP):
	@python=$$( $(FIND_PYTHON) ); "$$python" tools/environment.py $@

.PHONY: run
run: $(STAMP) ## Serve the whole shop (PORT, ADMIN_USERNAME, ADMIN_PASSWORD, SPLIT=1); Ctrl-C stops it
	@exec $(BIN)/artshop run $(if $(SPLIT),--split)

.PHONY: engine
engine: $(STAMP) ## Serve the engine alone, for `.venv/bin/chalice local` in another terminal
	@exec $(BIN)/artshop engine

.PHONY: fakes
fakes: $(STAMP) ## Serve Etsy, Shopify and Amazon for trying out; then ARTSHOP_ENV_FILE=.data/fakes.env make run
	@exec $(BIN)/artshop fakes --env-file .data/fakes.env $(ARGS)

# Whole moves take minutes; what a move makes of each row stays with the tests of the rows.
MOVES := $(addprefix --ignore=tests/migration/,dump inspecting postgres table verifying way_back writing test_commands.py)

# What runs a whole shop as a process of its own has targets of its own.
WHOLE := $(addprefix --ignore=tests/,contract_fuzz pages rehearsal terraform)

.PHONY: test
test: $(STAMP) ## Run the tests (ARGS for pytest's own options, WORKERS=0 for one process)
	@$(BIN)/python -m pytest --quick -n $(WORKERS) --ignore=tests/engine $(WHOLE) $(MOVES) $(ARGS)

.PHONY: test-all
test-all: $(STAMP) ## Run those too that try one thing at length
	@$(BIN)/python -m pytest -n $(WORKERS) --ignore=tests/engine $(WHOLE) --ignore=tests/migration $(ARGS)

.PHONY: test-pythons
test-pythons: $(STAMP) ## Run the tests on the other Pythons of 3.11 to 3.13 that this machine has
	@for version in $$($(BIN)/python -m tools.package.interpreters); do \
	  echo "== Python $$version"; \
	  python=$$($(BIN)/python -m tools.package.interpreters $$version); \
	  stamp=.venvs/$$version/$(notdir $(STAMP)); \
	  "$$python" tools/environment.py $$stamp; \
	  .venvs/$$version/bin/python -m pytest --quick -n $(WORKERS) --ignore=tests/engine $(WHOLE) $(MOVES) $(ARGS); \
	done

.PHONY: test-migration
test-migration: $(STAMP) ## Run all of moving in from PostgreSQL
	@$(BIN)/python -m pytest -n $(WORKERS) tests/migration $(ARGS)

.PHONY: test-engine
test-engine: $(STAMP) ## Run them on DynamoDB Local, with those that it alone can judge
	@ARTSHOP_TEST_ENGINE=dynamodb-local $(BIN)/python -m pytest -n $(WORKERS) --ignore=tests/tools $(WHOLE) --ignore=tests/migration $(ARGS)

.PHONY: test-rehearsal
test-rehearsal: $(STAMP) ## Deploy to an emulated AWS: release, way back, kills, and the storefront's calls
	@$(BIN)/python -m pytest -n $(WORKERS) tests/rehearsal $(ARGS)

.PHONY: test-api
test-api: $(STAMP) ## Hold every operation of a running shop against the API's document, with data good and bad
	@$(BIN)/python -m pytest -p schemathesis.pytest.plugin -p no:randomly tests/contract_fuzz $(ARGS)

.PHONY: test-pages
test-pages: $(STAMP) ## Look at the local pages in a headless Chromium (Debian: apt-get install chromium)
	@$(BIN)/python -m pytest tests/pages $(ARGS)

.PHONY: test-terraform
test-terraform: $(STAMP) ## Apply infra/terraform to an emulated AWS, ask what it made, and destroy it
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile tests/terraform $(ARGS)

.PHONY: lint
lint: $(STAMP) ## Check style, format and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

.PHONY: types
types: $(STAMP) ## Check the types
	@$(BIN)/mypy

.PHONY: bench
bench: $(STAMP) ## Measure round trips, capacity, latency, import time and size
	@$(BIN)/python -m benchmarks

.PHONY: load
load: $(STAMP) ## Let visitors and an artist loose on a shop of its own (ARGS="--users 50 --seconds 300")
	@$(BIN)/artshop load $(ARGS)

.PHONY: package
package: $(STAMP) ## Build zip and template of a stage into build/ (STAGE=catalog-prod)
	@$(BIN)/artshop package --stage $(STAGE)

.PHONY: table
table: $(STAMP) ## Create the table on the engine that the environment names
	@$(BIN)/artshop table create

.PHONY: reset
reset: $(STAMP) ## Delete the local data
	@$(BIN)/artshop reset --yes
