"""``make bench``, in its short form: that it measures what it says. Nothing here looks at how long anything took."""

import json
import subprocess
import sys

import pytest
from django.db import connection

from bench import report
from tests import databases
from tests.server import ROOT

PARTS = ["pages", "together"]  # CI runs the others beside the tests


@pytest.fixture(scope="module")
def tables(tmp_path_factory, lessons_database, static_root) -> dict[str, list[dict]]:
    """The rows of each part. ``together`` ends the run where anybody sees what is not hers."""
    folder = tmp_path_factory.mktemp("bench")
    lessons = databases.new_name(folder, "bench_lessons")
    databases.copy(lessons_database, lessons)
    command = [sys.executable, "-m", "bench.one", connection.vendor, str(folder), "--quick", "--sizes", "1"]
    command += ["--parts", *PARTS, "--lessons", lessons, "--static", str(static_root)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return {part: table["rows"] for part, table in json.loads(done.stdout.splitlines()[-1]).items()}


def test_every_part_gives_its_figures(tables):
    assert list(tables) == PARTS
    for part, rows in tables.items():
        assert rows, part
        for row in rows:
            assert 0 < row["p50 ms"] <= row["p99 ms"], row


def test_pages_are_compared_with_a_hello_of_the_same_run(tables):
    ratios = {row["page"]: row["ratio"] for row in tables["pages"]}
    assert ratios.pop("hello") == 1
    assert {"lesson, signed in", "lesson, anonymous", "/belajar/, 8 modules"} < set(ratios)
    assert all(ratio > 0 for ratio in ratios.values())


def test_32_learners_at_once_see_their_own_each(tables):
    (row,) = tables["together"]
    assert row["learners"] == 32 and row["answers, each its learner's own"] >= 32 * 6


def test_what_was_measured_stands_between_its_marks_alone(tmp_path, monkeypatch):
    speed = tmp_path / "speed.md"
    speed.write_text("Before.\n<!-- bench -->\nold\n<!-- /bench -->\nAfter.\n")
    monkeypatch.setattr(report, "SPEED", speed)
    run = {"made_on": "2026-11-24", "commit": "abc", "machine": "2 × x", "versions": {"django": "5.2"}}
    for number in (1, 2):
        tables = [{"title": "Pages", "rows": [{"page": "hello", "ratio": number}, {"page": "lesson", "ratio": None}]}]
        report.write_down("bench", run | {"tables": tables})
    text = speed.read_text()
    assert text.startswith("Before.\n<!-- bench -->\n") and text.endswith("<!-- /bench -->\nAfter.\n")
    assert "### Pages\n\n| page | ratio |\n| --- | --- |\n| hello | 2 |\n| lesson |  |\n" in text
    assert "old" not in text and "| 1 |" not in text
