# make run    sets up and prints this machine's network
# make test   sets up and passes all tests
# Others: lint types dist sanitize wheels-check bench clean. `make bench ONLY="small links"` measures a part.
# PYTHON=python3.12 builds with another Python than python3.

PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?=
export PYTHON

BIN := $(VENV)/bin
CORE := $(wildcard csrc/*)

.PHONY: run test lint types dist sanitize wheels-check bench clean
.DELETE_ON_ERROR:

run: need-run $(VENV)/built
	$(BIN)/python -m getifs

test: need-test $(VENV)/built $(VENV)/test-tools
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# What the system lacks for it, if anything.
need-%:
	@scripts/system-needs $(sort run $*)

# What stands in the virtual environment, each step once: its stamp is younger than what it was made of.
$(VENV)/made:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --upgrade pip setuptools
	$(BIN)/pip install -q "cffi>=1.15"
	touch $@

# From 77 on setuptools warns of the only way to name the licence that 61 understands, at length.
$(VENV)/built: $(VENV)/made $(CORE) setup.py pyproject.toml
	rm -rf build/lib* build/temp* getifs/_native*.so
	PYTHONWARNINGS=ignore $(BIN)/pip install -q --no-build-isolation --editable .
	touch $@

$(VENV)/%-tools: $(VENV)/made pyproject.toml
	$(BIN)/pip install -q --group $*
	touch $@

lint: need-lint $(VENV)/made $(VENV)/lint-tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/zizmor --quiet --offline --pedantic .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	scripts/check_warnings
	CC=gcc $(BIN)/python scripts/check_old_headers.py
	CC=clang $(BIN)/python scripts/check_old_headers.py

types: need-run $(VENV)/built $(VENV)/test-tools
	$(BIN)/mypy
	$(BIN)/pyright --project pyproject.toml --pythonpath $(BIN)/python

dist: need-dist $(VENV)/dist-tools
	scripts/check_dist $(BIN)/python

sanitize: need-test need-sanitize $(VENV)/made $(VENV)/test-tools
	scripts/sanitize $(BIN)/python $(PYTEST_ARGS)

wheels-check: need-run $(VENV)/dist-tools
	scripts/check_wheels $(BIN)/python

bench: need-test $(VENV)/built $(VENV)/bench-tools
	$(BIN)/python bench/run.py $(if $(ONLY),--only $(ONLY))

clean:
	rm -rf build dist *.egg-info getifs/_native*.so $(VENV) .hypothesis .*_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
