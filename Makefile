# Needs: Python 3.11 or newer with venv and pip, and make. Everything else is put into $(VENV).
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check

MADE := $(VENV)/made.stamp
BASE := $(VENV)/base.stamp
DEV  := $(VENV)/dev.stamp

# Without its compiled modules every start of the program would compile them anew, which takes most of a second.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test slow soak long check format bench docs clean
.NOTPARALLEL:

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(BASE) ## assess the sample patient, plan the course and write its report
	@echo "Demo: the sample patient, assessed under every protocol that is loaded, and the plan ($(BIN)/isocourse demo)."
	@mkdir -p build; code=0; $(BIN)/isocourse demo --report build/demo-report.html || code=$$?; \
	if [ $$code -eq 10 ]; then \
		echo; echo "Exit code 10: a red finding. The sample patient is made to hold one, so the demo did what it should."; \
	elif [ $$code -ne 0 ]; then \
		echo "The demo ended with exit code $$code; docs/guide/exit-codes.md says what it means." >&2; exit $$code; \
	fi

test: $(DEV) ## run the fast tests and the examples in docstrings
	$(BIN)/python -m pytest -m "not slow and not soak" --numprocesses auto --dist worksteal

slow: $(DEV) ## run the slow tests
	@code=0; $(BIN)/python -m pytest -m "slow and not soak" --numprocesses auto --dist worksteal || code=$$?; \
	if [ $$code -eq 5 ]; then echo "No test is marked slow."; else exit $$code; fi

soak: $(DEV) ## run the tests of the register and the workbench: databases, servers, sign-in
	$(BIN)/python -m pytest -m "soak and not slow" --numprocesses auto --dist worksteal

long: $(DEV) ## run the longest tests: browsers walk the whole way, servers are killed a hundred times
	$(BIN)/python -m pytest -m "soak and slow" --numprocesses auto --dist worksteal

check: $(DEV) ## format, lint, types, import contracts, dependencies, knowledge
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry src
	$(BIN)/isocourse check
	$(BIN)/isocourse check --translations

format: $(DEV) ## put the code into its usual form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV) ## run every script in benchmarks/
	@found=0; for script in benchmarks/*.py benchmarks/kinetics/speed.py benchmarks/kinetics/million.py; do \
		[ -e "$$script" ] || continue; found=1; echo "== $$script"; $(BIN)/python "$$script" || exit 1; \
	done; [ $$found -eq 1 ] || echo "There are no benchmarks yet."

docs: $(DEV) ## check that every link in the docs leads somewhere
	$(BIN)/python -m pytest tests/house/test_docs.py

clean: ## remove the environment, caches and builds
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. A stamp is written only after its step has ended well, so an interrupted step is done again.
$(MADE):
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "Isocourse needs Python 3.11 or newer; no '$(PYTHON)' was found. Install it, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Isocourse needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make a virtual environment. Install its venv part (on Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Making an environment in $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(BASE): pyproject.toml $(MADE)
	@echo "Installing isocourse into $(VENV) ..."
	@$(PIP) install --editable .
	@touch $@

$(DEV): pyproject.toml $(MADE)
	@echo "Installing isocourse and its development tools into $(VENV) ..."
	@$(PIP) install --editable '.[dev]'
	@touch $(BASE) $@
