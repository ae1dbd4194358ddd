"""The settings, as a fresh process meets them: unconfigured, they are production and refuse to start."""

import json
import os
import subprocess
import sys

import pytest

from tests.server import ROOT

PRODUCTION = {
    name: value for name, value in os.environ.items() if name not in {"DEMO", "DEBUG"} and not name.startswith("DJANGO")
}


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def python(code: str, **environment: str) -> str:
    """What ``code`` prints under the settings of production."""
    environment = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "lms.settings"} | environment
    return subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=environment, text=True)


SHOW = "import json; from django.conf import settings; print(json.dumps({n: getattr(settings, n) for n in %r}))"


def production_settings(*names: str) -> dict:
    return json.loads(python(SHOW % (names,)))


@pytest.mark.parametrize("name", ["SECRET_KEY", "PIN_PEPPER"])
@pytest.mark.parametrize("value", [None, "short"])
def test_without_its_secrets_it_refuses_to_start_in_one_clear_line(name, value):
    environment = {key: text for key, text in PRODUCTION.items() if key != name} | ({name: value} if value else {})

    process = manage("check", environment=environment)

    assert process.returncode != 0
    assert len(process.stderr.splitlines()) == 1
    assert name in process.stderr


@pytest.mark.parametrize("served", ["MEDIA_ROOT", "STATIC_ROOT"])
@pytest.mark.parametrize("kept", ["PRIVATE_ROOT", "DATABASE_URL", None])
def test_it_refuses_to_serve_a_folder_in_which_photos_the_database_or_its_secrets_lie(served, kept, tmp_path):
    """U3. An empty name, as environment files leave it, is the folder of the code."""
    below = {"PRIVATE_ROOT": str(tmp_path / "private"), "DATABASE_URL": f"sqlite:///{tmp_path / 'file.sqlite3'}"}
    environment = PRODUCTION | ({served: str(tmp_path), kept: below[kept]} if kept else {served: ""})

    process = manage("check", environment=environment)

    assert process.returncode != 0
    assert len(process.stderr.splitlines()) == 1
    assert served in process.stderr


def test_hosts_may_stand_apart_and_the_address_may_end_in_a_slash():
    typed = {
        "ALLOWED_HOSTS": "a.example.id, b.example.id",
        "CSRF_TRUSTED_ORIGINS": "https://a.example.id, https://b.example.id",
        "BASE_URL": "https://a.example.id/",  # the cards bear it: with two slashes their QR code led nowhere
    }
    names = [*typed, "WAGTAILADMIN_BASE_URL"]
    code = "import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in %r]))"
    hosts, origins, *addresses = json.loads(python(code % names, **typed))

    assert hosts == ["a.example.id", "b.example.id"]
    assert origins == ["https://a.example.id", "https://b.example.id"]
    assert addresses == ["https://a.example.id"] * 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("BASE_URL", "belajar.example.id"), ("BASE_URL", "")],
        *[("DATABASE_URL", "belajar"), ("DATABASE_URL", ""), ("DATABASE_URL", "mysql://localhost/belajar")],
        ("DATABASE_URL", "postgresql://belajar@127.0.0.1:port/belajar"),
        *[("ALLOWED_HOSTS", "https://belajar.example.id"), ("CSRF_TRUSTED_ORIGINS", "belajar.example.id")],
        *[("EMAIL_URL", "mail.example.id"), ("EMAIL_URL", "smtp://"), ("EMAIL_URL", "smtp://mail.example.id:port")],
        *[("DEFAULT_FROM_EMAIL", typed) for typed in ("", "belajar", "belajar@\nexample.id")],
        *[("ALLAUTH_TRUSTED_PROXY_COUNT", "one"), ("ALLAUTH_TRUSTED_PROXY_COUNT", "-1")],
        *[("DEBUG", "off!"), ("DEMO", "ya"), ("FAST_PAGES", "flase"), ("LOG_LEVEL", "loud")],
        *[("REQUIRE_SECOND_FACTOR", "ture"), ("REQUIRE_SECOND_FACTOR", ""), ("SECURE_SSL_REDIRECT", "ture")],
    ],
)
def test_what_it_cannot_read_it_refuses_to_start_with_in_one_clear_line(name, value):
    """A switch that is spelt wrong was off: so was the second factor."""
    assert name in refusal(name, value)


def refusal(name: str, value: str) -> str:
    """The one line that it refuses to start with."""
    process = manage("check", environment=PRODUCTION | {name: value})
    assert process.returncode != 0
    [line] = process.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("EMAIL_URL", "smtp+tls://surat:12/34@mail.example.id"), ("EMAIL_URL", "smtp://surat:12?34@mail.example.id")],
        *[("DATABASE_URL", "postgresql://belajar:12/34@127.0.0.1/belajar")],
        *[("DATABASE_URL", "postgresql://belajar:12?34@127.0.0.1/belajar")],
        *[("DATABASE_URL", "postgresql://belajar:12/3#4@127.0.0.1/belajar")],
    ],
)
def test_who_signs_in_is_never_taken_for_the_server(name, value):
    """A password that begins with digits and goes on with a mark was taken for a port, and mails went nowhere."""
    line = refusal(name, value)
    assert name in line
    assert "%2F" in line, "it says how to write such a password"


def test_a_password_for_the_mail_may_hold_a_hash():
    """As the one for the database may."""
    names = ["EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"]
    told = python(SHOW % (names,), EMAIL_URL="smtp+tls://surat:12#34@mail.example.id:587")
    assert list(json.loads(told).values()) == ["mail.example.id", 587, "surat", "12#34"]


def test_a_password_for_the_database_may_hold_a_hash_beside_a_mark_that_is_written_out():
    """It was then taken as it was typed, and the database refused who signs in."""
    code = SHOW % (["DATABASES"],)
    told = python(code, DATABASE_URL="postgresql://belajar:1%2F2%3F3#4@127.0.0.1:5432/belajar")
    assert json.loads(told)["DATABASES"]["default"]["PASSWORD"] == "1/2?3#4"


def test_mails_may_come_from_a_name_with_its_address():
    told = python(SHOW % (["DEFAULT_FROM_EMAIL"],), DEFAULT_FROM_EMAIL="Belajar PENA <belajar@example.id>")
    assert json.loads(told) == {"DEFAULT_FROM_EMAIL": "Belajar PENA <belajar@example.id>"}


@pytest.mark.parametrize(("typed", "level"), [("warning", "WARNING"), (" DEBUG ", "DEBUG")])
def test_a_level_of_the_log_may_be_typed_in_any_case(typed, level):
    code = "from django.conf import settings; print(settings.LOGGING['root']['level'])"
    assert python(code, LOG_LEVEL=typed).strip() == level


@pytest.mark.parametrize(("typed", "is_on"), [("True", True), ("1", True), ("off", False), ("no", False)])
def test_a_switch_may_be_typed_in_the_usual_ways(typed, is_on):
    assert json.loads(python(SHOW % (["FAST_PAGES"],), FAST_PAGES=typed)) == {"FAST_PAGES": is_on}


def test_debug_is_off_by_default():
    """D1."""
    assert production_settings("DEBUG", "DEMO") == {"DEBUG": False, "DEMO": False}


def test_the_deployment_check_is_clean():
    """D1."""
    process = manage("check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION)

    assert process.returncode == 0, process.stderr
    assert "no issues" in process.stdout + process.stderr


@pytest.mark.parametrize("kind", ["SESSION", "CSRF"])
def test_in_production_cookies_are_bound_to_the_host_and_to_https(kind):
    """S6."""
    names = [f"{kind}_COOKIE_{part}" for part in ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")]
    name, *rest = production_settings(*names).values()

    assert name.startswith("__Host-")
    assert rest == [True, True, "Lax", "/", None]


def test_sqlite_keeps_acknowledged_work_through_a_power_cut(tmp_path):
    """R11: synchronous is FULL, which SQLite calls 2."""
    expected = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 20_000, "mmap_size": 0}
    code = f"""
import django, json
django.setup()
from django.db import connection
read = lambda name: connection.cursor().execute(f"PRAGMA {{name}}").fetchone()[0]
print(json.dumps({{name: read(name) for name in {list(expected)}}}))
"""
    assert json.loads(python(code, DATABASE_URL=f"sqlite:///{tmp_path / 'file.sqlite3'}")) == expected
