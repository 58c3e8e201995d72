# Needs Python 3.11+, pip and make, nothing else: every target makes its own .venv from the lock files.
# Another interpreter: make test PYTHON=python3.12 (after `make clean` if .venv exists already).

# Tried by running it, because a pyenv shim or an old python3 is found on the path and still does not work.
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$candidate && break; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
INSTALL_PROJECT := $(PIP) --no-deps --no-build-isolation --editable .
CHECKED := ledger projections cli tests $(sort $(dir $(wildcard benchmarks/*.py scripts/*.py verifier/*.py)))
LOCK := $(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--default-index https://pypi.org/simple --custom-compile-command 'make lock'

# Stamp files: newer than the lock they were installed from, so nothing is installed twice.
RUNTIME := .venv/installed-runtime
DEV := .venv/installed-dev
SOAK := .venv/installed-soak

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint bench soak mutants docs lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## Install what running needs and watch a county's year pass through the ledger
	$(BIN)/xianjie demo

test: lint ## Install what development needs, check everything and run all tests
	$(BIN)/python -m pytest --numprocesses=auto -m 'not soak'

lint: $(DEV) ## Check style, types and import borders
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(CHECKED)
	$(BIN)/lint-imports --no-logo

bench: $(DEV) ## Measure speed and memory against the reference programs
	$(BIN)/python -m benchmarks

soak: $(SOAK) ## Run the long tests: thousands of kills and flipped bits, fuzzing, long random histories
	$(BIN)/python -m pytest -m soak

mutants: $(DEV) ## Change the code of proofs, verification, authority and money, and see whether a test fails (an hour)
	$(BIN)/python scripts/mutants.py

docs: $(DEV) ## Write the generated pages again: docs/events, docs/reference, click's words in Chinese
	$(BIN)/python scripts/catalogue.py
	$(BIN)/python scripts/docs.py

lock: $(DEV) ## Lock the newest versions that pyproject.toml allows
	$(LOCK) --upgrade pyproject.toml --extra dev --output-file requirements/dev.txt
	$(LOCK) --upgrade pyproject.toml --constraints requirements/dev.txt --output-file requirements/runtime.txt
	$(LOCK) --upgrade pyproject.toml --extra soak --constraints requirements/dev.txt --output-file requirements/soak.txt
	$(LOCK) --upgrade requirements/build.in --constraints requirements/dev.txt --output-file requirements/build.txt

clean: ## Remove .venv and every cache
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

.venv/pyvenv.cfg:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; $(or $(PYTHON),none of python3 python3.13 python3.12 python3.11)" \
			"will not do. Install it, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(RUNTIME): .venv/pyvenv.cfg requirements/build.txt requirements/runtime.txt pyproject.toml
	@echo "Installing into .venv from requirements/runtime.txt ..."
	@$(PIP) --require-hashes --requirement requirements/build.txt --requirement requirements/runtime.txt
	@$(INSTALL_PROJECT)
	@touch $@

$(DEV): .venv/pyvenv.cfg requirements/dev.txt pyproject.toml
	@echo "Installing into .venv from requirements/dev.txt ..."
	@$(PIP) --require-hashes --requirement requirements/dev.txt
	@$(INSTALL_PROJECT)
	@touch $(RUNTIME) $@

$(SOAK): $(DEV) requirements/soak.txt
	@echo "Installing into .venv from requirements/soak.txt ..."
	@$(PIP) --require-hashes --requirement requirements/soak.txt
	@touch $@
