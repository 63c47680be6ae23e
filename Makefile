# Two commands on a fresh machine: `make run` and `make test`. Only Python 3.11+ and make are needed.
PYTHON ?= python3
SEEDS ?= examples/pages
SHOTS ?= build/screenshots
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench bench-large screenshots lock clean

run: $(VENV)/.run  ## the daemon, on SEEDS (the example pages unless told otherwise), until Ctrl-C
	$(BIN)/seedwire --seeds "$(SEEDS)" run

test: $(VENV)/.dev  ## all tests
	$(BIN)/python -m pytest -n auto tests

lint: $(VENV)/.dev  ## style, types, layers
	$(BIN)/ruff check worker tests bench
	$(BIN)/ruff format --check worker tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.bench  ## speed, as ratios from one run, peers included
	$(BIN)/python -m bench

bench-large: $(VENV)/.bench  ## 20,000 and 200,000 articles, and the daemon's memory at a million: 6 GB of disk for a while
	$(BIN)/python -m bench large memory

screenshots: $(VENV)/.dev  ## the main pages as pictures, in SHOTS (needs Debian's chromium)
	PYTHONPATH=tests $(BIN)/python tests/browser/shots.py "$(SHOTS)"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "seedwire needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock requirements-build.lock pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) (once, about half a minute)"
	@$(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements-build.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	@$(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements-bench.lock
	@touch $@

lock:  ## renew the lock files (needs uv); they name no host
	@for name in requirements requirements-build requirements-dev requirements-bench; do \
	  uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header --no-annotate $$name.in -o $$name.lock || exit 1; done

clean:  ## remove the virtual environment and caches; state/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
