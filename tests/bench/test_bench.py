"""``make bench``, in its short form: that it measures what it says. Nothing here looks at how long anything took."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from bench import report
from bench.one import checked
from tests import databases
from tests.server import ROOT


def test_32_learners_at_once_see_their_own_each(tmp_path, lessons_database, static_root):
    """The run ends where anybody sees what is not hers. CI runs the other parts beside the tests."""
    lessons = databases.new_name(tmp_path, "bench_lessons")
    databases.copy(lessons_database, lessons)
    command = [sys.executable, "-m", "bench.one", connection.vendor, str(tmp_path), "--quick", "--sizes", "1"]
    command += ["--parts", "together", "--lessons", lessons, "--static", str(static_root)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    [row] = json.loads(done.stdout.splitlines()[-1])["together"]["rows"]
    assert row["learners"] == 32 and row["answers, each its learner's own"] >= 32 * 6


def test_a_whole_run_leaves_out_what_only_postgresql_shows(tmp_path):
    """Not even the database is looked at."""
    command = [sys.executable, "-m", "bench.one", "sqlite", str(tmp_path), "--sizes", "1000000"]
    command += ["--parts", "growth", "--lessons", str(tmp_path / "lessons.sqlite3"), "--static", str(tmp_path)]
    of_sqlite = {name: value for name, value in os.environ.items() if name != databases.SOCKET_FOLDER}
    done = subprocess.run(command, cwd=ROOT, env=of_sqlite, check=True, stdout=subprocess.PIPE, text=True)
    assert json.loads(done.stdout.splitlines()[-1]) == {}


def test_a_part_that_measured_nothing_ends_the_run():
    for rows in ([], [{"ratio": 0}], [{"p50 ms": 2, "p99 ms": 1}]):
        with pytest.raises(AssertionError):
            checked("pages", rows)


def test_what_was_measured_stands_between_its_marks_alone(tmp_path, monkeypatch):
    speed = tmp_path / "speed.md"
    speed.write_text("Before.\n<!-- bench -->\nold\n<!-- /bench -->\nAfter.\n")
    monkeypatch.setattr(report, "SPEED", speed)
    run = {"made_on": "2026-11-24", "commit": "abc", "machine": "2 × x", "versions": {"django": "5.2"}}
    for number in (1, 2):
        rows = [{"page": "hello", "ratio": number}, {"page": "lesson", "ratio": None}]
        tables = [{"title": "Pages", "rows": rows, "measured": "then"}]
        report.write_down("bench", run | {"tables": tables})
    text = speed.read_text()
    assert text.startswith("Before.\n<!-- bench -->\n") and text.endswith("<!-- /bench -->\nAfter.\n")
    assert "### Pages\n\nMeasured then.\n\n| page | ratio |\n| --- | --- |\n| hello | 2 |\n| lesson |  |\n" in text
    assert "old" not in text and "| 1 |" not in text


def test_what_was_written_down_is_read_back_as_it_stands():
    """A fresh clone measures one part: the others' tables stay."""
    for command in ("bench", "bench-phone", "bench-lighthouse"):
        tables = report.written_down(command)
        between = report.SPEED.read_text().partition(f"<!-- {command} -->")[2].partition(f"<!-- /{command} -->")[0]
        text = "".join(
            f"\n### {table['title']}\n\nMeasured {table['measured']}.\n\n{report.markdown(table['rows'])}"
            for table in tables
        )
        assert tables and between.endswith(text) and between.count("### ") == len(tables)


def test_a_part_measured_alone_leaves_the_other_figures(tmp_path):
    path = tmp_path / "results.json"

    def keep(*tables: tuple[str, dict[str, int]], **options) -> dict[str, dict[str, int]]:
        tables = [
            {"title": title, "rows": [{"database": name, "ms": ms} for name, ms in rows.items()]}
            for title, rows in tables
        ]
        report.keep("bench", tables, path, **options)
        kept = json.loads(path.read_text())["bench"]["tables"]
        return {table["title"]: {row["database"]: row["ms"] for row in table["rows"]} for table in kept}

    keep(("Pages", {"sqlite": 1, "postgresql": 2}), ("Writes", {"sqlite": 3}))
    assert keep(("Pages", {"postgresql": 4}), ("Growth", {"postgresql": 5}), only_parts=True) == {
        "Pages": {"sqlite": 1, "postgresql": 4},
        "Writes": {"sqlite": 3},
        "Growth": {"postgresql": 5},
    }
    assert keep(("Pages", {"sqlite": 6})) == {"Pages": {"sqlite": 6}}, "a whole run begins anew"
