# The commands of the study; `make help` lists them.

# An interpreter for the environment (make PYTHON=python3.13), the cores to use (make CORES=4), and a
# config to apply on top of the default one (make CONFIG=my_study.yaml). RESULTS is the folder of the
# run that `make results` writes down, to PAGE alone if one is given; A and B are those of the runs
# that `make compare` compares.
PYTHON ?=
CORES ?= all
CONFIG ?=
RESULTS ?= results
export PYTHON

# Snakemake would answer with a traceback.
NOT_THERE := $(filter-out $(wildcard $(CONFIG)),$(CONFIG))
$(if $(NOT_THERE),$(error CONFIG: there is no file $(NOT_THERE); name the overlay of a study, such as config/smoke.yaml))

BIN := .venv/bin
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES)
PYTEST := $(BIN)/python -m pytest
# Removes the lock that a killed run left.
GO_ON := $(BIN)/python -m spikesweep.lock

.DEFAULT_GOAL := study
.PHONY: study smoke paper estimate bench budgets gui report results check-numbers docs compare verify setup foreign test lint \
	faults test-slow cases test-browser test-cluster lock audit clean help

study: setup ## run the default study, or make study CONFIG=my_study.yaml; plain `make` does the same
	@$(GO_ON)
	@$(SNAKEMAKE) $(if $(CONFIG),--configfile $(CONFIG))
	@$(call say_report,$(CONFIG))

smoke: setup ## run the whole workflow on little data, in minutes
	@$(GO_ON)
	@$(SNAKEMAKE) --configfile config/smoke.yaml
	@$(call say_report,config/smoke.yaml)

paper: setup ## run the study at full scale, which takes days
	@$(GO_ON)
	@$(SNAKEMAKE) --configfile config/paper.yaml
	@$(call say_report,config/paper.yaml)

estimate: setup ## say how long the default study will take here, or with CONFIG=my_study.yaml, and how much disk
	@$(BIN)/python -m spikesweep.forecast $(CONFIG) --cores $(CORES)

bench: setup ## measure the speed of both simulation engines on this machine; goes on where it was interrupted
	@$(SNAKEMAKE) --configfile config/bench.yaml -- benchmark_engines

budgets: setup ## print the time and memory that the jobs of the default study used
	@$(BIN)/python -m spikesweep.benchmarks.budgets

gui: setup ## open a model in NengoGUI, e.g. make gui MODEL=integrator; without MODEL, list all models
	@$(BIN)/python -m spikesweep.first_steps.gui $(MODEL) $(if $(PORT),--port $(PORT))

report: setup ## write the report of the default study again, even if nothing has changed
	@$(SNAKEMAKE) --forcerun write_report
	@$(call say_report,)

results: setup ## write docs/results.md and README's results from a finished run (RESULTS=folder), or PAGE=file alone
	@$(BIN)/python -m spikesweep.report.results_page $(RESULTS) $(if $(PAGE),--page $(PAGE))

check-numbers: setup ## say which numbers in README and docs/results.md differ from a finished run's (RESULTS=folder)
	@$(BIN)/python -m spikesweep.report.drift $(RESULTS)

verify: setup ## check that the results of a finished study are what its run wrote (RESULTS=folder)
	@$(BIN)/python -m spikesweep.verification $(RESULTS)

docs: setup ## write docs/configuration.md and docs/tables.md again, from their sources
	@$(BIN)/python -m spikesweep.config.reference
	@$(BIN)/python -m spikesweep.report.tables_page $(RESULTS)

compare: setup ## say what differs between two finished runs: make compare A=results B=results/mine
	@$(BIN)/python -m spikesweep.report.compare $(A) $(B)

setup: ## create or repair the environment .venv; do nothing if it is complete
	@envs/setup.sh

foreign: setup ## install sinabs and SpikingJelly into .venv-foreign: runs then replay exported networks in them
	@envs/foreign.sh

test: setup lint ## check the style, then run all tests except the slow ones
	@$(PYTEST) -m "not slow and not cluster" --numprocesses auto tests/unit tests/equivalence
	@$(PYTEST) -m "not slow and not cluster" tests/workflow tests/browser tests/cluster

lint: setup ## check style, imports, types and workflow without running anything
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy
	@$(BIN)/snakefmt --check Snakefile rules
	@$(BIN)/snakemake --lint

faults: setup ## lie to the study, kill it, starve it, fuzz what it reads; count what it survives (hours)
	@$(PYTEST) -m fault

test-slow: setup ## run the tests that take more than a few minutes each
	@$(PYTEST) -m slow

cases: setup ## try files, images and places that people have, from public bug reports, for half an hour or more
	@$(PYTEST) -m cases

test-browser: setup ## check the report and NengoGUI in headless Chromium (apt install chromium chromium-driver)
	@$(PYTEST) -m browser

test-cluster: setup ## run a small study through SLURM on this machine, with failing jobs and nodes
	@$(PYTEST) -m cluster

lock: setup ## resolve envs/requirements.in again into the lock file with hashes
	@$(BIN)/uv pip compile envs/requirements.in --output-file envs/requirements.lock --upgrade \
		--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet
	@$(BIN)/uv pip compile envs/audit.in --output-file envs/audit.lock --upgrade \
		--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet

audit: setup ## list the licences and known vulnerabilities of all packages; write docs/dependencies.md, sbom.json
	@envs/audit.sh

clean: ## delete everything that runs and tests produced (results/, hidden folders); keep .venv and data/
	@rm -rf results .snakemake .*_cache .hypothesis

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "make %-14s %s\n", $$1, $$2 }'

say_report = $(BIN)/python -m spikesweep.report.closing $(1)
