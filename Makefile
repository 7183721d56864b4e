# Needs Python 3.11 or newer with pip, and make. `make` alone lists what it can do.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP     = $(if $(shell test -x $(BIN)/pip && echo yes),$(BIN)/python -m pip,$(PYTHON) -m pip --python $(BIN)/python) \
          --disable-pip-version-check --quiet
PYTEST_ARGS ?=
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help demo test deep check format bench docs screenshots audit lock clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/runtime.stamp  ## build the example case, print its results, serve its pages (SERVE=0: only print)
	@$(BIN)/tallyproof demo $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/dev.stamp  ## run every test (PYTEST_ARGS=… is handed on)
	@$(BIN)/python -m pytest -n auto --dist worksteal -q $(PYTEST_ARGS)

deep: $(VENV)/dev.stamp  ## try every law on ten times as many examples (PYTEST_ARGS=… is handed on)
	@$(BIN)/python -m pytest -n auto --dist worksteal -q -m hypothesis --hypothesis-profile=deep $(PYTEST_ARGS)

check: $(VENV)/dev.stamp  ## format, lint, types, floors, documentation
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy src tests tools $(wildcard bench)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/dotted_floors.py
	$(BIN)/mkdocs build --strict

format: $(VENV)/dev.stamp  ## bring the code into its usual form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/dev.stamp  ## measure rows per second and peak memory
	@$(BIN)/python bench/run.py

docs: $(VENV)/dev.stamp  ## write the documentation to site/
	$(BIN)/mkdocs build --strict

screenshots: $(VENV)/dev.stamp  ## take the pictures that the documentation shows (needs Chromium)
	@$(BIN)/python tools/screenshots.py

audit: $(VENV)/dev.stamp  ## ask the public advisory database about every pinned package (needs the network)
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements-dev.lock

UV_COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
             --no-emit-index-url --no-annotate --no-header --quiet $(if $(UPGRADE),--upgrade)
lock: $(BIN)/uv  ## pin every package anew after a change of pyproject.toml (UPGRADE=1: newest versions; needs the network)
	$(UV_COMPILE) --group build -o requirements.lock
	$(UV_COMPILE) --group dev --all-extras -c requirements.lock -o requirements-dev.lock

clean:  ## delete the environment and everything that was built
	rm -rf $(VENV) build dist site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# ---- the environment: one stamp per lock, so that the second run starts at once ----

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "No $(PYTHON) found: install Python 3.11 or newer, or name one, as in: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Tallyproof needs Python 3.11 or newer; $(PYTHON) is older. Name a newer one, as in: make demo PYTHON=python3.12" >&2; exit 1; }
	@echo "Preparing $(VENV) (once)"
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null && $(PYTHON) -m venv --clear $(VENV) || $(PYTHON) -m venv --clear --without-pip $(VENV)

$(VENV)/runtime.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the pinned packages"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	@echo "Installing the pinned tools for tests and documentation"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(BIN)/uv: | $(BIN)/python
	@$(PIP) install 'uv>=0.8,<1'
