# Needs make and Python alone; everything else goes into .venv. `make help` lists the targets.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=

LOCK = uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help run dev test test-postgres fault-test lint format lock bench

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: ## Install, load the demo clinic and serve it as in production (PORT=8000 HOST=127.0.0.1)
	@exec $(PYTHON) -m scripts.run --host "$(HOST)" --port "$(PORT)"

dev: ## The same clinic on the developer's server, which reloads (PORT, HOST)
	@exec $(PYTHON) -m scripts.dev --host "$(HOST)" --port "$(PORT)"

test: ## Run every test and the coverage gate; ARGS="-k contact" runs some, without the gate
	@exec $(PYTHON) -m scripts.test $(ARGS)

test-postgres: ## Run the tests that could come out otherwise on a throw-away PostgreSQL (ARGS as above)
	@exec $(PYTHON) -m scripts.postgres $(ARGS)

fault-test: ## Kill, starve and flood a scratch site, and count what is lost (ARGS=--postgres)
	@$(PYTHON) -m scripts.environment dev
	@exec .venv/bin/python -m scripts.faults $(ARGS)

lint: ## Check style, templates, types, import layers, migrations and deployment settings
	@exec $(PYTHON) -m scripts.lint

format: ## Rewrite Python and templates in the project's style
	@$(PYTHON) -m scripts.environment dev
	.venv/bin/ruff check --fix --exit-zero --quiet
	.venv/bin/ruff format
	.venv/bin/djlint --reformat --quiet templates $(wildcard */templates) || true  # it exits 1 when it changed something

lock: ## Pin what requirements/*.in allow, with hashes; ARGS=--upgrade takes newer versions
	@$(PYTHON) -m scripts.environment dev
	.venv/bin/$(LOCK) $(ARGS) requirements/base.in -o requirements/base.txt
	.venv/bin/$(LOCK) $(ARGS) requirements/s3.in -c requirements/base.txt -o requirements/s3.txt
	.venv/bin/$(LOCK) $(ARGS) requirements/dev.in -c requirements/s3.txt -o requirements/dev.txt

bench: ## Measure speed, memory and growth into benchmarks/results/ (ARGS=--short, ARGS="cached growth")
	@exec $(PYTHON) -m scripts.bench $(ARGS)
