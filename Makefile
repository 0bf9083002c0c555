# Two commands matter: `make run` serves the demonstration, `make test` proves the product.
SHELL := /bin/bash
# The system's own Python where it will do: distributions compile theirs with profiles, and what runs
# under it takes a tenth less time than under one compiled plainly.
SUITS := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell /usr/bin/python3 -c '$(SUITS)' 2>/dev/null && echo /usr/bin/python3 || echo python3)
PIP := .venv/bin/pip --disable-pip-version-check
FLASK := .venv/bin/flask --app wsgi
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)

.PHONY: run test accessible check fix docs bench bench-load faults reset lock audit browser web-server

run: .venv/installed broker/static/dist/built
	@exec $(FLASK) up

test: .venv/proving broker/static/dist/built browser
	.venv/bin/python tools/prove

accessible: .venv/proving broker/static/dist/built browser
	.venv/bin/pytest -vv -n 2 tests/accessible/every_page.py tests/accessible/keyboard.py

check: .venv/proving broker/static/dist/built browser
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	MODE=test $(FLASK) docs --check
	.venv/bin/python tools/prove

fix: .venv/proving
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

docs: .venv/proving
	MODE=test $(FLASK) docs

bench-load: .venv/proving broker/static/dist/built
	.venv/bin/python -m benchmarks.load

bench: .venv/installed
	.venv/bin/python benchmarks/run.py

faults: .venv/proving broker/static/dist/built web-server
	.venv/bin/python -m faults

reset:
	rm -rf var
	@echo "The demonstration's data is gone. 'make run' makes it anew."

lock: .venv/proving
	for name in requirements requirements-dev; do \
	  .venv/bin/pip-compile --quiet --upgrade --strip-extras --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --output-file $$name.lock $$name.txt; done

audit:
	.venv/bin/python tools/audit

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed: make PYTHON=python3.11 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/installed: requirements.lock | .venv/bin/python
	$(PIP) install --quiet --requirement requirements.lock
	@touch $@

.venv/proving: requirements-dev.lock .venv/installed
	$(PIP) install --quiet --requirement requirements-dev.lock
	@touch $@

broker/static/dist/built: .venv/installed $(FRONTEND)
	.venv/bin/python tools/frontend
	@touch $@

browser:
	@.venv/bin/python tools/package chromium

web-server:
	@.venv/bin/python tools/package nginx
