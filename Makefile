# Hengping: everything that is done with it. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON3 ?= python3
PYTHON := .venv/bin/python
WORKERS_OF_TESTS ?= 2

.PHONY: help setup setup-dev run test check bench proof lock format translations clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Set up what running needs (run does it by itself)
	@$(PYTHON3) tools/setup.py

setup-dev: ## Set up what tests and checks need (test does it by itself)
	@$(PYTHON3) tools/setup.py --dev

run: setup ## Serve on http://127.0.0.1:8000 (HOST, PORT, DEMO=0, DATABASE_URL, WORKERS)
	@exec $(PYTHON) -m web.supervisor

test: setup-dev ## All checks, then all tests, each on a real PostgreSQL
	@status=0; \
	$(PYTHON) tools/checks.py || status=1; \
	printf '\n== tests\n'; \
	$(PYTHON) -m pytest -n $(WORKERS_OF_TESTS) --dist loadfile --no-loadscope-reorder -m "not proof" || status=1; \
	exit $$status

check: setup-dev ## Style, types, directions, templates, spelling, translations, migrations
	@$(PYTHON) tools/checks.py

bench: setup-dev ## Measure speed and quality; the numbers stand in docs/benchmarks.md
	@$(PYTHON) -m bench

proof: setup-dev ## The long proofs: many more random cases
	@$(PYTHON) -m pytest -n $(WORKERS_OF_TESTS) --dist loadfile --hypothesis-profile=proof

lock: setup-dev ## Pin the newest versions again, with hashes, for every platform
	$(PYTHON) -m uv pip compile --universal --generate-hashes --upgrade --python-version 3.11 --no-emit-index-url requirements.in -o requirements.txt
	$(PYTHON) -m uv pip compile --universal --generate-hashes --upgrade --python-version 3.11 --no-emit-index-url requirements-dev.in -o requirements-dev.txt

format: setup-dev ## Lay out the code
	@$(PYTHON) -m ruff check --fix --select I,F401 .
	@$(PYTHON) -m ruff format .

translations: setup-dev ## Bring the catalogues up to the code and compile them
	@$(PYTHON) tools/translations.py update
	@$(PYTHON) tools/translations.py compile

clean: ## Remove what checks and builds left (never data, never the installed packages)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache static/dist static/vendor
	@find . -name __pycache__ -type d -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +
