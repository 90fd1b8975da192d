# Needs Python 3.11 or newer, make and git. Another interpreter: make clean, then make test PYTHON=python3.13
PYTHON ?= python3
VENV   ?= .venv
JOBS   ?= 2

# Where this is set, each program that the tests start compiles all that it imports once more.
unexport PYTHONDONTWRITEBYTECODE

BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Byte code is compiled on first import: compiling all of pandas would take longer than the tests that use it.
LOCKED := $(PIP) install --no-compile --require-hashes --requirement
LOCK   := uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
          --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test engines bench docs table lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## score the sample accounts and explain the scores
	$(BIN)/healthdsl demo

test: $(VENV)/.dev ## lint, format check, types and tests, in the locked environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/pytest -n $(JOBS)

engines: $(VENV)/.engines ## install Spark and the rest that only the long tests need

bench: $(VENV)/.bench ## time compiling and scoring, also against other rule engines
	$(BIN)/python -m tests.benchmarks

docs: $(VENV)/.dev ## write the pages of docs/diagnostics/ from the catalogue
	$(BIN)/python -m tests.docs.diagnostics

table: $(VENV)/.dev ## make the parse table again, after a change to grammar.lark
	$(BIN)/python -m healthdsl.syntax.build_table

# Renews every pin and hash under requirements/. Commit the result by itself.
lock: $(BIN)/python ## renew the locks, after a change to dependencies in pyproject.toml
	$(BIN)/python -m venv build/lock
	build/lock/bin/pip --disable-pip-version-check install --quiet uv
	build/lock/bin/$(LOCK) --extra serve --group dev --output-file requirements/dev.txt
	build/lock/bin/$(LOCK) --group build --constraint requirements/dev.txt --output-file requirements/run.txt
	build/lock/bin/$(LOCK) --extra bench --constraint requirements/dev.txt --output-file requirements/bench.txt
	build/lock/bin/$(LOCK) --extra spark --group engines --constraint requirements/dev.txt \
	  --output-file requirements/engines.txt

clean: ## remove the environment, builds and caches
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find healthdsl tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than what it was installed from, so a second run installs nothing.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "healthdsl needs Python 3.11 or newer: name one with make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(LOCKED) requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(LOCKED) requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	$(LOCKED) requirements/bench.txt
	@touch $@

$(VENV)/.engines: requirements/engines.txt $(VENV)/.dev
	$(LOCKED) requirements/engines.txt
	@touch $@
