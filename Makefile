# Nightlight's tasks. `make` alone lists them; each sets up what it needs first and skips what is done.

SHELL := /bin/bash
PYTHON := .venv/bin/python
# Node and npm come with .venv too.
export PATH := $(CURDIR)/.venv/node:$(CURDIR)/.venv/bin:$(PATH)
export PYTHONDONTWRITEBYTECODE := 1
export HF_HUB_OFFLINE := 1
export HF_HUB_DISABLE_TELEMETRY := 1

LANGUAGE ?= en
STORY ?=
# Unless told otherwise, the model is made by the recipe that the shipped one names.
RECIPE ?= $(shell $(PYTHON) -c 'import json; print(json.load(open("server/nightlight/bundle/manifest.json"))["recipe"]["kind"])')
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run setup setup-run test test-offline lint bench model package clean system-run system-all

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' \
	  | while IFS=$$'\t' read -r name words; do printf '  \033[1mmake %-13s\033[0m %s\n' "$$name" "$$words"; done

run: setup-run ## watch Nightlight at work in a real browser (LANGUAGE=el STORY=gift; `make run STORY=list` names the stories)
	@$(PYTHON) -m demo --language "$(LANGUAGE)" $(if $(STORY),--story "$(STORY)") $(ARGS)

test: setup ## all tests: units, properties, integration, and end to end in a real browser (ARGS='-k pairing')
	@$(PYTHON) -m pytest $(ARGS)

test-offline: setup ## the end-to-end tests in a network namespace that has only loopback
	@scripts/offline.sh $(CURDIR)/$(PYTHON) -m pytest e2e $(ARGS)

lint: setup ## ruff, strict mypy, tsc --checkJs, web-ext lint
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy server/nightlight model_export/nightlight_export demo e2e bench
	npm run --silent types
	npm run --silent lint

bench: setup ## what a message costs: latency, memory, start time, beside PyTorch and MiniLM
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false $(PYTHON) -m bench $(ARGS)

model: setup ## train the shipped model bundle again, from its seed, and put it in its place (RECIPE=open; hours without a GPU)
	$(PYTHON) -m nightlight_export train "$(RECIPE)" --out build/model/shipping $(ARGS)
	$(PYTHON) -m nightlight_export ship build/model/shipping

package: setup ## the extension as a zip and the helper as a wheel, in build/
	@mkdir -p build
	node_modules/.bin/web-ext build --source-dir extension --artifacts-dir build --overwrite-dest \
	  --ignore-files tsconfig.json 'types/**' --filename nightlight-extension.zip
	$(PYTHON) -m pip --disable-pip-version-check wheel --quiet --no-deps --wheel-dir build .
	@rm -rf build/lib build/bdist.*
	@ls -l build/*.zip build/*.whl

setup: system-all .venv/.ready-all node_modules/.ready e2e/thelounge/node_modules/.ready ## set up all that the tasks need

setup-run: system-run .venv/.ready-run

clean: ## remove what was built; .venv and node_modules stay, and so does build/model with its hours of training
	@if [ -d build ]; then find build -mindepth 1 -maxdepth 1 -not -name model -exec rm -rf {} +; fi
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -not -path '*/node_modules/*' -prune -exec rm -rf {} +

# Cheap to look, so these look every time: a package may have been removed since.
system-run:
	@scripts/system.sh run

system-all:
	@scripts/system.sh all

.venv/.ready-run: pyproject.toml | system-run
	@scripts/python.sh run

.venv/.ready-all: pyproject.toml | system-all
	@scripts/python.sh all

node_modules/.ready: package-lock.json .venv/.ready-all
	@scripts/node.sh . 'the JavaScript checkers'

e2e/thelounge/node_modules/.ready: e2e/thelounge/package-lock.json .venv/.ready-all
	@scripts/node.sh e2e/thelounge 'The Lounge, a chat client for the tests,'
