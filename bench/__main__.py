"""``make bench``: how fast the parts are, each as a ratio to something bare that is measured in the same run, because a
busy machine makes every absolute figure its own. Prints tables, writes bench/results.json and docs/speed.md.

``make bench-quick`` shows in a minute that all of it works; its figures say little."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.one import PARTS
from bench.report import QUICK, RESULTS, keep, print_tables

SIZES = [1_000, 100_000, 1_000_000]
QUICK_SIZES = [30, 60]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="only these; the others' figures stay")
    parser.add_argument("--sizes", nargs="+", type=int, help="learners, to see what grows")
    parser.add_argument("--lessons", help="a database with the lessons that is there already")
    parser.add_argument("--static", help="collected static files that are there already")
    parser.add_argument("--out", type=Path, help="where the figures go, instead of bench/")
    asked = parser.parse_args()
    tables: dict[str, dict] = {}
    for database in asked.databases or (["sqlite"] if asked.quick else ["sqlite", "postgresql"]):
        for part, table in measured(database, asked).items():
            tables.setdefault(part, {"title": table["title"], "rows": []})["rows"] += table["rows"]
    only_parts = bool(asked.databases) or asked.parts != PARTS
    keep("bench", list(tables.values()), asked.out or (QUICK if asked.quick else RESULTS), only_parts=only_parts)
    print_tables(list(tables.values()))


def measured(database: str, asked: argparse.Namespace) -> dict[str, dict]:
    """The tables of all parts on one database system."""
    sizes = asked.sizes or (QUICK_SIZES if asked.quick else SIZES)
    with tempfile.TemporaryDirectory(prefix="belajar-bench-") as folder:
        command = [sys.executable, "-m", "bench.one", database, folder]
        command += ["--parts", *asked.parts, "--sizes", *map(str, sizes)]
        command += ["--quick"] if asked.quick else []
        for option in ("lessons", "static"):
            command += [f"--{option}", value] if (value := getattr(asked, option)) else []
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


main()
