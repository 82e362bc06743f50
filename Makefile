# `make help` lists the targets. Everything is installed into .venv, .cache and .lab below this folder; Debian packages
# that are missing are installed with apt-get (as root), and each such step says so.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
JUDGES := .cache/judges
BIN := $(abspath $(VENV)/bin)
TREE := $(abspath .cache/collections)
LINK := $(TREE)/ansible_collections/hardening/atlassian
LAB := $(BIN)/python tests/lab/lab.py
PRODUCT ?= jira
VERSION ?= 10.3
PORT ?= 8080

export PATH := $(BIN):$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(TREE)
export PYTHONPATH := $(TREE)
export ANSIBLE_HOME := $(abspath .cache/ansible)
# Fewer trips into the containers for each task.
export ANSIBLE_PIPELINING := true
export ANSIBLE_LOCALHOST_WARNING := false
export ANSIBLE_INVENTORY_UNPARSED_WARNING := false

.PHONY: help setup demo test test-all lab lab-down simulator lint unit contracts sanity integration browser molecule bench generated

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.complete $(JUDGES)/.complete $(LINK)  ## install what the other targets need into .venv and .cache/judges

$(VENV)/.complete: tests/requirements.txt
	@PYTHON=$(PYTHON) tests/tools/venv.sh $(VENV) tests/requirements.txt
	@touch $@

$(JUDGES)/.complete: tests/requirements-judges.txt
	@PYTHON=$(PYTHON) tests/tools/venv.sh $(JUDGES) tests/requirements-judges.txt
	@touch $@

$(LINK):
	@mkdir -p $(@D) && ln -sfn $(CURDIR) $@

demo: setup  ## bring up the lab, show the drift, harden it, show the drift again
	@tests/tools/demo.sh

test: setup  ## everything CI runs: oldest and newest product version, one pass over the whole lab
	@$(LAB) room
	@tests/tools/steps.sh lint unit contracts sanity integration browser molecule

test-all: setup  ## as test, with every product version, the older Debian, ACME, testssl.sh, each role's scenario, and the benchmarks
	@$(LAB) room
	@ALL_VERSIONS=1 tests/tools/steps.sh lint unit contracts sanity integration browser molecule bench

lab: setup  ## bring up the lab and leave it running
	@$(LAB) up

lab-down: setup  ## remove the lab's containers and network
	@$(LAB) down

simulator: setup  ## PRODUCT=jira VERSION=10.3 PORT=8080: the simulator on loopback
	@cd tests && $(BIN)/python -m simulator --product $(PRODUCT) --version $(VERSION) --port $(PORT)

lint: setup  ## ansible-lint (production profile and more), mypy, changelog, generated files
	@tests/tools/lint.sh

unit: setup  ## unit tests
	@$(BIN)/pytest -q -n auto --dist loadfile tests/unit

contracts: setup  ## simulator and modules against the vendor's OpenAPI files in $$ATLASSIAN_CONTRACTS
	@$(BIN)/pytest -q tests/contracts

sanity: setup  ## ansible-test sanity, all tests, no ignore line
	@tests/tools/sanity.sh

integration: setup  ## modules against the simulator
	@$(BIN)/pytest -q -n auto tests/integration

browser: setup  ## the HTML report in real Chromium at phone and desk width: filters, keyboard, contrast, paper; pictures in .cache/browser
	@tests/tools/browser.sh

molecule: setup  ## the lab: check, converge, idempotence, check, verify, planted drift
	@tests/tools/molecule.sh

bench: setup  ## ratios of our client, our proxy and its firewall against plain peers (the last two where the lab is up); requests and memory over many spaces
	@$(BIN)/python -m tests.benchmarks
	@$(BIN)/python -m tests.benchmarks.spaces
	@$(BIN)/python -m tests.benchmarks.proxy
	@$(BIN)/python -m tests.benchmarks.waf

generated: setup  ## write the generated files again (action groups, docs/controls.md, role tables)
	@tests/tools/generated.sh
