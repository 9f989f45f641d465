# The four verbs. Each makes its own environment: nothing but Python 3.11 (or newer) is needed.
.PHONY: run test check bench

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

run: $(VENV)/.run       ## start on 127.0.0.1:8080, state in ./var
	$(BIN)/haitang run

test: $(VENV)/.dev      ## the quick suite, on two processors
	$(BIN)/python -m pytest -q -m "not slow and not interop" -n 2 --dist loadfile

check: $(VENV)/.dev     ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev     ## requests per second beside a bare echo and a plain Flask bot
	$(BIN)/python -m benchmarks

.PHONY: trust
trust: $(VENV)/.dev     ## faults and attacks with their figures; WRITE=1 puts them into docs/trust.md
	$(BIN)/python -m tests.trust $(if $(WRITE),--write)

ifdef UV
INSTALL = $(UV) pip install --quiet --python $(BIN)/python
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

$(BIN)/python:
ifdef UV
	$(UV) venv --quiet --python-preference only-system $(VENV)
else
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --upgrade "pip>=25.1"
endif

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(INSTALL) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(INSTALL) -e . --group dev
	@touch $@ $(VENV)/.run
