# getifs: `make run` and `make test` work on a fresh machine. `make help` lists all targets.

PYTHON ?= python3
VENV ?= .venv
INSTALL ?= --install
SECONDS ?= 300
PYTEST_ARGS ?=
export PYTHON

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CORE := $(wildcard csrc/*)
# A test that hangs ends the run, with the stack of each thread.
UNLESS_HUNG := -o faulthandler_timeout=900 -o faulthandler_exit_on_timeout=true

.PHONY: help run test test-uml lint types dist dist-matrix cross architectures wheels-check release-check sanitize docs docs-links bench bench-tricks bench-watch bench-commands churn storm compat-suites shell-files pictures clean-machine clean FORCE
.DELETE_ON_ERROR:
# Targets share the virtual environment and the package manager of the system.
.NOTPARALLEL:

run: need-run $(VENV)/built ## print the interfaces of this machine
	@$(BIN)/python -m getifs

test: need-test $(VENV)/built $(VENV)/test-tools ## run the tests; PYTEST_ARGS="-k vlan" selects some
	$(BIN)/python -m pytest $(UNLESS_HUNG) $(PYTEST_ARGS)

test-uml: need-test need-uml $(VENV)/built $(VENV)/test-tools ## run tests inside a second kernel, user-mode Linux
	$(BIN)/python -m pytest $(UNLESS_HUNG) -m uml $(PYTEST_ARGS)

lint: need-lint $(VENV)/lint-tools ## check style, workflows and compiler warnings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/clang-format --dry-run --Werror csrc/*.[ch]
	$(BIN)/zizmor --quiet --offline --pedantic .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	scripts/check_warnings
	CC=gcc $(BIN)/python scripts/check_old_headers.py
	CC=clang $(BIN)/python scripts/check_old_headers.py

types: need-run $(VENV)/built $(VENV)/test-tools ## run mypy and pyright
	$(BIN)/mypy
	$(BIN)/pyright --project pyproject.toml --pythonpath $(BIN)/python

dist: need-dist $(VENV)/dist-tools ## build the sdist and a wheel, and check both
	scripts/check_dist $(BIN)/python

dist-matrix: need-dist $(VENV)/dist-tools $(VENV)/dist-matrix-tools ## build and test with each Python at hand what `make dist` made; long
	$(BIN)/python scripts/dist_matrix.py

cross: need-dist need-cross $(VENV)/dist-tools $(VENV)/test-tools ## build for arm64 as Buildroot does, and run it under qemu-user; Debian
	scripts/check_cross $(BIN)/python

architectures: need-dist need-architectures $(VENV)/dist-tools $(VENV)/dist-matrix-tools ## build for other architectures, and run the tests on kernels of theirs in QEMU; ONLY=s390x; Debian, long
	$(BIN)/python scripts/check_architectures.py $(ONLY)

release-check: ## do what a release needs but for publishing, in a fresh clone, and say what is left to do by hand
	scripts/release-check

wheels-check: need-dist $(VENV)/dist-tools ## check which wheels the release workflow builds
	scripts/check_wheels $(BIN)/python

sanitize: need-test need-sanitize $(VENV)/test-tools ## run the tests with AddressSanitizer, LeakSanitizer and UBSan, and those of threads with ThreadSanitizer
	scripts/sanitize $(BIN)/python $(UNLESS_HUNG) $(PYTEST_ARGS)
	scripts/sanitize_threads $(BIN)/python $(UNLESS_HUNG)

docs: need-run $(VENV)/built $(VENV)/docs-tools ## build the documentation in build/docs; warnings are errors
	$(BIN)/python -m sphinx -q -E -a -W --keep-going -b html docs build/docs

docs-links: docs ## check the links in the documentation, and list those to other sites
	$(BIN)/python scripts/check_links.py build/docs

bench: need-test $(VENV)/built $(VENV)/bench-tools ## run the benchmarks; ONLY="small links" selects some, BEFORE=DIR compares
	$(BIN)/python bench/run.py $(if $(ONLY),--only $(ONLY)) $(if $(BEFORE),--before $(BEFORE))

bench-tricks: need-test $(VENV)/built $(VENV)/bench-tools ## measure what each optimization gains; ONLY="small inline layout"
	$(BIN)/python bench/tricks.py $(if $(ONLY),--only $(ONLY))

bench-watch: need-test $(VENV)/built $(VENV)/bench-tools ## measure what following changes costs; ONLY="addresses 1000000" selects some
	$(BIN)/python bench/watch.py $(if $(ONLY),--only $(ONLY))

bench-commands: need-test $(VENV)/built ## measure the command line beside a bare interpreter and beside ip
	$(BIN)/python bench/commands.py

churn: need-test $(VENV)/built $(VENV)/test-tools $(VENV)/bench-tools ## check answers while the network changes; SECONDS=60 ONLY="getifs ip"
	$(BIN)/python tests/churn/run.py --seconds $(SECONDS) $(if $(ONLY),--only $(ONLY))

storm: need-test $(VENV)/built $(VENV)/test-tools ## check watchers in random changes; SEEDS=50 OPERATIONS=2000 FIRST=1
	$(BIN)/python tests/storm/run.py $(if $(SEEDS),--seeds $(SEEDS)) $(if $(OPERATIONS),--operations $(OPERATIONS)) $(if $(FIRST),--first $(FIRST))

compat-suites: need-test $(VENV)/built $(VENV)/test-tools ## run the tests of psutil, zeroconf and others over getifs.compat; ONLY="psutil"
	$(BIN)/python tests/compat/run_suites.py $(if $(ONLY),--only $(ONLY))

shell-files: need-run $(VENV)/test-tools ## write the man page and the completions of the shells into share/
	$(BIN)/python scripts/shell_files.py

pictures: need-test $(VENV)/built $(VENV)/pictures-tools ## write the pictures of the README, from a real network (root)
	$(BIN)/python scripts/pictures.py

clean-machine: ## run `make run` and `make test` in a fresh Debian (root, debootstrap)
	scripts/clean-machine

clean: ## remove everything that make created
	rm -rf build dist *.egg-info getifs/_native*.so $(VENV) .hypothesis .*_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.* ## /\1\t/p' Makefile | while IFS='	' read -r name what; do printf '%-15s%s\n' $$name "$$what"; done
	@echo
	@echo 'PYTHON=python3.12  use another Python than python3'
	@echo 'VENV=.venv         the virtual environment to use'
	@echo 'INSTALL=           only name missing system packages; by default root, or sudo without a password, installs them'

# System packages.
need-%:
	@scripts/system-needs $(INSTALL) $(sort run $*)

# The virtual environment. It is made anew if the Python or the directory that it was made for has changed.
$(VENV)/made: need-run FORCE
	@made_for="$(CURDIR) $$($(PYTHON) -c 'import sys; print(sys.base_prefix, sys.version)')"; \
	if [ "$$(cat $@ 2>/dev/null)" != "$$made_for" ] || ! $(BIN)/python -c 'import pip'; then \
		echo "Creating $(VENV) with $$($(PYTHON) -V)"; \
		if [ -e $@ ]; then rm -rf $(VENV); fi; \
		$(PYTHON) -m venv $(VENV) && \
		$(PIP) install -q --upgrade pip setuptools "cffi>=1.15" && \
		echo "$$made_for" > $@; \
	fi

$(VENV)/built: $(VENV)/made $(CORE) setup.py pyproject.toml
	rm -rf build/lib* build/temp* getifs/_native*.so
	PYTHONWARNINGS="ignore:Editable installation" $(PIP) install -q --no-build-isolation --editable .
	touch $@

$(VENV)/%-tools: $(VENV)/made pyproject.toml
	$(PIP) install -q --group $*
	touch $@
