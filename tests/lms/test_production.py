"""What docs/production.md and deploy/ tell operators is what the product reads, takes and has."""

import os
import re
import subprocess
import time

from django.core.management import get_commands

from courses.media_forms import LIMITS
from tests.server import ROOT

GUIDE = (ROOT / "docs/production.md").read_text()
ROWS = re.findall(r"^\| (`[A-Z].*?) \|", GUIDE, re.MULTILINE)  # the first cells of the table of variables
TABLE = {name for row in ROWS for name in re.findall(r"`([A-Z_]+)`", row)}
A_DAY = 24 * 3600  # seconds
INSIDE = {"DEBUG", "DEMO", "STATIC_STORAGE", "APPLICATION", "PYTHON"}  # for developers and tests


def deployed(name: str) -> str:
    return (ROOT / "deploy" / name).read_text()


def test_the_guide_names_each_variable_that_the_product_reads_and_no_other():
    settings = re.findall(r"env(?:\.\w+|iron\.get)\(\s*\"([A-Z_]+)\"", (ROOT / "lms/settings.py").read_text())
    serving = re.findall(r"\$\{([A-Z_]+):-", (ROOT / "scripts/serve").read_text())
    assert {*settings, *serving} - INSIDE == TABLE


def test_the_example_of_an_environment_names_only_what_the_guide_explains():
    names = set(re.findall(r"^([A-Z_]+)=", deployed("environment.example"), re.MULTILINE))
    assert {"SECRET_KEY", "PIN_PEPPER", "PRIVATE_ROOT", "MEDIA_ROOT"} <= names <= TABLE


def test_a_password_in_the_environment_is_to_the_shell_of_cron_what_it_is_to_systemd():
    """Which takes a $ as it is written."""
    written = deployed("environment.example").replace("…", "pa$$word")
    command = ["bash", "-c", f'{written}printf %s "$DATABASE_URL"']
    read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert read == "postgresql://belajar:pa$$word@127.0.0.1:5432/belajar"


def test_each_command_that_the_guide_or_its_files_call_is_there():
    called = set(re.findall(r"manage\.py (\w+)", GUIDE + deployed("crontab")))
    assert {"publish_scheduled", "apply_retention", "backup"} <= called <= get_commands().keys()
    for script in re.findall(r"scripts/\w+", GUIDE + deployed("belajar.service")):
        assert (ROOT / script).exists()


def test_an_update_leads_to_what_was_copied_once():
    """Else what a version wants done each night is never done."""
    update = GUIDE.partition("## A new version")[2].partition("\n## ")[0]
    assert "diff /etc/cron.d/belajar deploy/crontab" in update
    assert "git diff ORIG_HEAD -- deploy" in update


def test_old_backups_go_also_where_no_new_one_can_be_made(tmp_path):
    """On a full disk they stayed past their 90 days, and the disk stayed full."""
    [line] = [line for line in deployed("crontab").splitlines() if "manage.py backup" in line]
    command = line.split(maxsplit=6)[6].replace("/backup/belajar", str(tmp_path))
    for name, days in (("old", 91), ("young", 88)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, times=(time.time() - days * A_DAY,) * 2)
    made = subprocess.run(["bash", "-c", command], env={"IN": "false"}, capture_output=True)
    assert (made.returncode, [one.name for one in tmp_path.iterdir()]) == (1, ["young"])


def test_the_proxy_lets_through_the_largest_file_that_the_product_takes():
    [size] = re.findall(r"client_max_body_size (\d+)m;", deployed("nginx.conf"))
    assert int(size) * 1024 * 1024 > LIMITS.bytes


def test_while_the_server_is_away_the_proxy_says_so_in_words_and_with_a_number_that_phones_know():
    """A phone that keeps nothing yet met «502 Bad Gateway» while a new version came."""
    worker = (ROOT / "templates/learn/service_worker.js").read_text()
    known = re.findall(r"\[(50\d(?:, 50\d)*)\]", worker)
    [(numbers, place)] = re.findall(r"error_page (502 504) (@\w+);", deployed("nginx.conf"))
    said = deployed("nginx.conf").partition(f"location {place} {{")[2].partition("}")[0]
    [number] = re.findall(r"return (\d+) .*Tunggu sebentar", said)

    assert known == [numbers.replace(" ", ", ")] * 2
    assert number in numbers.split()


def test_only_who_asks_by_our_name_gets_through_the_proxy():
    """Whoever goes through addresses left a traceback of fourteen lines in the log each time."""
    servers = deployed("nginx.conf").split("\nserver {")[1:]
    [others] = [server for server in servers if "443 ssl http2 default_server;" in server]
    assert "ssl_reject_handshake on;" in others
    assert "server_name" not in others
    assert "proxy_pass" not in others


def test_the_database_that_the_guide_makes_holds_every_letter():
    """Where a server was set up without a language, PostgreSQL makes SQL_ASCII, and the first lesson does not go in."""
    [command] = re.findall(r"createdb .*belajar\"", GUIDE)
    assert "-E UTF8 -T template0" in command
