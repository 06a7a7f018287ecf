# make run    set up, then run Hatang on its demo district (Ctrl-C ends it)
# make test   set up, then lint, types, architecture and every test
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# More than processors, since many tests wait: for daemons, browsers, other programs.
WORKERS ?= $(shell echo $$(($$(nproc) * 3 / 2)))

.PHONY: help setup run test lint bench bench-scale bench-readiness bench-whatif lock generate clean

help:
	@sed -n 's/^# make/make/p' Makefile
	@echo 'make setup | lint | bench | bench-scale | bench-readiness | bench-whatif | lock | generate | clean'

setup: $(READY)

$(READY): requirements.lock setup.cfg pyproject.toml
	@PYTHON=$(PYTHON) VENV=$(VENV) tests/system/venv.sh
	@touch $@

run: setup
	@$(BIN)/hatang demo $(DEMO)

test: setup
	@tests/system/packages.sh
	@$(MAKE) --no-print-directory lint
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(WORKERS) --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m bench

# Ten thousand simulated devices before the whole daemon; ten minutes, 4 GB of memory.
bench-scale: setup
	$(BIN)/python -m bench.scale

# The readiness of every commune of Viet Nam from a database; some minutes, 3 GB of disk.
bench-readiness: setup
	$(BIN)/python -m bench.readiness

# What a sum would mend in a province, for each goal; some minutes.
bench-whatif: setup
	$(BIN)/python -m bench.whatif

# Resolve the dependencies anew; commit the result.
lock: setup
	$(BIN)/uv pip compile setup.cfg --extra dev --universal --python-version 3.11 \
	  --generate-hashes --quiet --no-header --upgrade --output-file requirements.lock

generate: setup
	$(BIN)/python -m hatang.generate

clean:
	rm -rf $(VENV) demo-data bench/results build dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
