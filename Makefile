# Everything a developer does here. `make help` lists it.
SHELL := /bin/bash
ARGS ?=
# The first of the supported interpreters that works here; give your own with `make PYTHON=...`
PYTHON ?= $(shell .ci/interpreters | head -n 1)

.PHONY: help venv demo test test-all lint format bench docs client parity api-changes servers clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: .venv/test ## make .venv with everything for development

demo: .venv/demo ## run the demo on SQLite; ARGS=--exit ends by itself
	.venv/bin/diracx-bridge demo $(ARGS)

test: .venv/test ## run all tests with real servers, installed and started when first needed; ARGS go to pytest
	.venv/bin/python -m pytest -n auto --junit-xml=build/junit.xml $(ARGS)

test-all: ## run the unit and SQLite tests on every supported Python of this machine
	.ci/test-all $(ARGS)

lint: .venv/test ## ruff, mypy --strict, the layers
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

format: .venv/test ## let ruff format and mend
	.venv/bin/ruff format
	.venv/bin/ruff check --fix

bench: .venv/test ## measure the services (docs/performance.md); ARGS like --quick, --compare, names of scenarios
	.venv/bin/python -m tests.load $(ARGS)

docs: .venv/docs ## write the reference pages and build the documentation into build/site
	.venv/bin/python tools/reference_pages.py
	.venv/bin/mkdocs build --strict --site-dir build/site

client: .venv/test ## generate the client again; ARGS=--from-app takes the OpenAPI of the services as they are now
	.venv/bin/python tools/generate_client.py $(ARGS)

parity: .venv/test ## compare adapters and real legacy handlers; ARGS=--every-call sends each call through services, too
	.venv/bin/python -m pytest -n auto tests/parity $(ARGS)

api-changes: .venv/test ## say which changes of the HTTP API break clients of DiracX 0.7.0 and of the last release
	.venv/bin/python tools/api_changes.py $(ARGS)

servers: .venv/test ## start the test servers (ARGS, or all) and keep them until Ctrl-C
	.venv/bin/python -m tests.servers start $(ARGS)

clean: ## remove environments and everything built
	rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# One environment: the demo installs only what it needs, tests and docs add to it; a new pyproject.toml makes it anew.
.venv/made: pyproject.toml
	@[ -n "$(PYTHON)" ]
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/demo: .venv/made
	.venv/bin/python -m pip install -q -e '.[all]'
	@touch $@

.venv/test: .venv/made
	.venv/bin/python -m pip install -q -e '.[all,test]'
	@touch $@ .venv/demo

.venv/docs: .venv/made
	.venv/bin/python -m pip install -q -e '.[all,docs]'
	@touch $@ .venv/demo
