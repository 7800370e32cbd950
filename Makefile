# Every verb sets up what it needs, in a fresh clone too. GNU make 4.

PYTHON      ?= $(shell command -v python3.11 || command -v python3)
SUBMISSIONS ?= tests/submissions
RESULTS     ?= results
BASE_IMAGE  ?= python:3.11-slim
export BASE_IMAGE

BIN   := .venv/bin
READY := .venv/.ready

# Install a Debian package where that is allowed without asking; never fails.
apt-install = { s=; test "$$(id -u)" = 0 || s="sudo -n"; \
	$$s apt-get update -qq && $$s apt-get install -qq -y --no-install-recommends $(1); } >/dev/null 2>&1 </dev/null || true

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup sandbox dist grade cluster test test-all plain bench lint format doctor pictures build-image clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

dist: $(READY) ## build student/, solutions/ and autograder/ from assignment/
	@$(BIN)/gradekit build assignment

grade: $(READY) sandbox ## grade SUBMISSIONS (tests/submissions) into RESULTS (results)
	@$(BIN)/gradekit grade "$(SUBMISSIONS)" --results "$(RESULTS)"

cluster: $(READY) sandbox ## start a Dask scheduler and two workers here, to try grade --dask
	@$(BIN)/gradekit cluster

# Tests that start sandboxes, browsers or training take all cores by themselves, and some look
# for what others leave behind, so each of them runs alone. All others run two at a time, and
# first: most mistakes show within three minutes.
ALONE := slow or bubblewrap or docker or browser

test: lint sandbox plain ## what CI runs: format, lint, types, tests, no stale build
	@$(BIN)/python -m pytest -m "$(ALONE)"

test-all: lint sandbox plain ## the same with nothing remembered or left out: 45 minutes
	@$(BIN)/python -m pytest -m "$(ALONE)" --everything

plain: $(READY) # the tests that need nothing but Python
	@$(BIN)/python -m pytest -m "not ($(ALONE))" -n 2 --dist loadfile

lint: $(READY) ## check format, style and types
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

format: $(READY) ## rewrite the sources in the house format
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

doctor: $(READY) ## can this machine grade, and what is enforced
	@$(BIN)/gradekit doctor

pictures: grade ## make the pictures in docs/img anew, from the class and in a real browser: minutes
	@$(BIN)/python tools/pictures.py "$(RESULTS)"
	@$(BIN)/python tools/pictures_notebook.py

build-image: $(READY) ## build the Docker image for autograder/, if it has changed
	@$(BIN)/gradekit image

bench: $(READY) ## how fast, beside Otter and bare compute; needs Docker, 12 minutes
	@$(BIN)/python tools/bench.py --write docs/benchmarks.md

setup: $(READY) sandbox ## install everything, run nothing

clean: ## remove .venv, results, dist and caches
	@rm -rf .venv build dist results gradekit.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, anew whenever a pin changes.
$(READY): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "No python3 found. Install Python 3.11 or later, or give PYTHON=/path/to/python." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is too old: gradekit needs Python 3.11 or later. Give another one with PYTHON=/path/to/python." >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv >/dev/null 2>&1 || { \
	  rm -rf .venv; echo "$(PYTHON) cannot make virtual environments yet: installing python3-venv" >&2; \
	  $(call apt-install,python3-venv); "$(PYTHON)" -m venv .venv >/dev/null 2>&1; } || { \
	  rm -rf .venv; echo "That did not work. Install the venv module of $(PYTHON) (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "installing packages into .venv; minutes the first time, PyTorch is large" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt 2>.venv/pip.log || { cat .venv/pip.log >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . 2>.venv/pip.log || { cat .venv/pip.log >&2; exit 1; }
	@touch $@

# Student code runs in Docker or bubblewrap only, so one of them has to be here. Bubblewrap is
# small, and of use beside an engine too: for builds, and where no base image is to be had.
ENGINE := $(BIN)/python -c 'import sys, gradekit.sandbox.docker_engine as e; sys.exit(e.engine() is None)'
sandbox: $(READY)
	@command -v bwrap >/dev/null || { echo "installing bubblewrap" >&2; $(call apt-install,bubblewrap); }
	@command -v bwrap >/dev/null || $(ENGINE) || { \
	  echo "That did not work, and no Docker engine answers. Start Docker, or install bubblewrap (Debian: apt-get install bubblewrap)." >&2; exit 1; }
