# Everything a developer needs. `make run` and `make test` need Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

RANDOM_SECRET = $$($(VENV_PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')
# What `manage.py check --deploy` is run with: production, with values that are as good as real ones.
PRODUCTION = KANVAS_ENV=production SITE_URL=https://kanvas.example ALLOWED_HOSTS=kanvas.example \
	SECRET_KEY=$(RANDOM_SECRET) NIK_KEY=$(RANDOM_SECRET) NIK_INDEX_KEY=$(RANDOM_SECRET) \
	FACTOR_KEY=$(RANDOM_SECRET) \
	DATABASE_URL=postgresql://kanvas@database.example/kanvas REDIS_URL=redis://queue.example/0 \
	MAIL_FROM=kabar@kanvas.example

.DEFAULT_GOAL := help
.PHONY: help run test check fix lock messages benchmark benchmark-announcements benchmark-matching benchmark-registration benchmark-seats faults runtime dev \
	check-code check-types check-templates check-django check-locks check-messages

help: ## Show this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: runtime ## Start the demo on http://127.0.0.1:8000 (PORT=8123 make run for another port)
	@exec $(VENV_PYTHON) -m config.supervisor

test: dev ## Run the test suite (make test ARGS="tests/x.py -k word")
	@exec $(VENV_PYTHON) -m pytest -n auto $(ARGS)

check: check-code check-types check-templates check-django check-locks check-messages ## Run every check that is not a test

fix: dev ## Mend what ruff can mend, and format
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .

lock: dev ## Take newly named packages into the lock files (UPGRADE=--upgrade for newer releases)
	$(COMPILE) $(UPGRADE) pyproject.toml -o requirements.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra dev -o requirements-dev.txt

messages: dev ## Collect the texts to translate into config/locale (needs gettext)
	$(VENV_PYTHON) manage.py makemessages --locale en --no-location --no-wrap

benchmark: dev ## Measure speed at size
	@exec $(VENV_PYTHON) -m tests.benchmarks.lists $(ARGS)

benchmark-matching: dev ## Measure matching at size
	@exec $(VENV_PYTHON) -m tests.benchmarks.matching $(ARGS)

benchmark-registration: dev ## Let ten people a second register for a minute
	@exec $(VENV_PYTHON) -m tests.benchmarks.registrations $(ARGS)

benchmark-announcements: dev ## Announce to 20,000 and compare with the fastest sender there can be
	@exec $(VENV_PYTHON) -m tests.benchmarks.announcements $(ARGS)

benchmark-seats: dev ## Rush for the seats of a class
	@exec $(VENV_PYTHON) -m tests.benchmarks.seats $(ARGS)

faults: dev ## Kill workers, queue and database while mails go out, and count what is lost
	@exec $(VENV_PYTHON) -m tests.faults $(ARGS)

runtime:
	@$(PYTHON) config/bootstrap.py requirements.txt

dev:
	@$(PYTHON) config/bootstrap.py requirements-dev.txt

check-code: dev
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .

check-types: dev
	$(VENV_PYTHON) -m mypy

check-templates: dev
	$(VENV_PYTHON) -m djlint --lint --quiet .

# Python need not warn that no database is there to compare with: only the models and the files count.
check-django: dev
	$(VENV_PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(VENV_PYTHON) manage.py check --deploy --fail-level WARNING

# Compiled again from the lock files as they are, so a newer release elsewhere changes nothing.
check-locks: dev
	@mkdir -p var/locks && cp requirements.txt requirements-dev.txt var/locks/
	$(COMPILE) pyproject.toml -o var/locks/requirements.txt
	$(COMPILE) pyproject.toml --extra dev -o var/locks/requirements-dev.txt
	@diff requirements.txt var/locks/requirements.txt && diff requirements-dev.txt var/locks/requirements-dev.txt \
		|| { echo "The lock files do not fit pyproject.toml: run make lock"; exit 1; }

check-messages: dev
	$(VENV_PYTHON) manage.py check_catalogues
