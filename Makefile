# Two commands for a newcomer: `make demo` and `make test`. Both need Python 3.11 or newer, and no root.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

.PHONY: help demo test test-postgres fmt docs pictures bench bench-detection fuzz live-gmail live-outlook dist clean servers

help: ## This list
	@awk -F ':.* ## ' '/^[a-z-]+:.* ## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## The whole story on sample mail; needs no account and no network
	@$(BIN)/afterword demo

test: $(VENV)/installed-dev servers ## Everything that must be right: style, types, the house, the tests
	@say() { printf '\n== %s\n' "$$1"; }; \
	stop() { printf '\nmake test stopped: %s\n' "$$1" >&2; exit 1; }; \
	say 'style';            $(BIN)/ruff check . || stop 'ruff found something above; `make fmt` puts much of it right.'; \
	say 'formatting';       $(BIN)/ruff format --check . || stop 'these files are not formatted; `make fmt` does it.'; \
	say 'types';            $(BIN)/mypy || stop 'mypy found something above.'; \
	say 'the house';        $(BIN)/lint-imports || stop 'an import goes against the arrows of docs/architecture.md.'; \
	say 'tests';            $(WITHOUT) $(BIN)/pytest -n 2 || stop 'a test above failed.'; \
	$(if $(WITHOUT),printf '\n%s\n' '$(LEFT_OUT)' >&2;) \
	say 'All of it is right.'

test-postgres: $(VENV)/installed-dev ## The store on a PostgreSQL server (Debian: postgresql); `make test` leaves it out where there is none
	@AFTERWORD_POSTGRES=1 $(BIN)/pytest tests/agent/test_postgres.py

fmt: $(VENV)/installed-dev ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

docs: $(VENV)/installed-dev ## The documentation as a site, in site/; a link that leads nowhere stops it
	@$(BIN)/zensical build --strict

pictures: $(VENV)/installed-dev ## Take the pictures in docs/pictures again (what it needs: docs/pictures/take.py)
	@$(BIN)/python -m docs.pictures.take

bench: $(VENV)/installed-dev ## Figures: how fast it is here
	@for script in $(wildcard bench/[a-z]*.py); do printf '\n== %s\n' "$$script"; $(BIN)/python "$$script"; done

bench-detection: $(VENV)/installed-dev ## Figures: how well mail is read (WITH='FOLDER --ordinary PATH' for mail of your own)
	@$(BIN)/python -m bench.detection $(WITH)

fuzz: $(VENV)/installed-dev ## Judge damaged mail without end (MINUTES=10); `make test` does a little of it
	@$(BIN)/python -m tests.rules.fuzz --minutes $(or $(MINUTES),10)

live-gmail live-outlook: live-%: $(VENV)/installed-dev
	@$(BIN)/python -m tests.live $* $(WITH)

live-gmail: ## Walk through your own Gmail account: reads a little, asks before it places one draft (WITH='--account NAME')
live-outlook: ## The same with your own Outlook or Microsoft 365 account

soak: $(VENV)/installed-dev ## Any story, ever new ones, without end (MINUTES=10); `make test` tells forty
	@end=$$((SECONDS + 60 * $(or $(MINUTES),10))); while [ $$SECONDS -lt $$end ]; do \
		AFTERWORD_STORIES=100 $(BIN)/pytest -q --timeout 3600 tests/agent/story/test_story.py || exit 1; done

stories: $(VENV)/installed-dev ## Tell the stories of docs/stories.md anew and write them down (needs Dovecot)
	@AFTERWORD_WRITE_STORIES=1 $(BIN)/pytest -q $(patsubst %,tests/stories/test_the_%.py,usual_ways user_s_word employer_s_word odd_ways)

dist: $(VENV)/installed-dev ## The wheel and the source archive, in dist/, tried in an empty environment
	@rm -rf dist
	@$(BIN)/python -m build
	@.ci/dist $(BIN)/python

clean: ## Remove everything that make has made here
	@rm -rf $(VENV) dist build site .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

# Dovecot, the server that IMAP is tested against. Where it cannot be had, the tests say what they leave out; in CI they fail.
LEFT_OUT := NOT TESTED: IMAP against Dovecot, which is not installed here (Debian: apt-get install dovecot-imapd).
WITHOUT = $(if $(shell .ci/servers present),,$(if $(CI),,AFTERWORD_WITHOUT_DOVECOT=1))

servers:
	@.ci/servers install || { [ -z "$${CI:-}" ] || exit 1; printf '\n%s\n' '$(LEFT_OUT)' >&2; }

# The newest Python that is new enough, the system's own first.
PYTHON = $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { echo 'Afterword needs Python 3.11 or newer, and none was found on the PATH.' >&2; exit 1; }
	@echo 'Making $(VENV) with $(PYTHON) ...'
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo 'Python cannot make a virtual environment here. Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo 'Installing Afterword into $(VENV), once; this takes a minute ...'
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo 'Installing Afterword and what its tests need into $(VENV), once; this takes a minute or two ...'
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/installed
