"""The parts of ``make bench`` on one database system, in a process of its own: the settings read DATABASE_URL once.
Prints what was measured as JSON on its last line."""

import argparse
import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

import django

from tests import databases

PARTS = ["pages", "writes", "sending", "signing_in", "growth", "weight", "together"]  # figures 1 to 6; whose is whose
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "lms.settings",
    "DEMO": "true",
    "SECRET_KEY": "only-benches-sign-with-this-key-0123456789-abcdefghijklmnop",
    "PIN_PEPPER": "only-benches-hash-with-this-pepper-0123456789-abcdefghijkl",
    "GRANIAN_LOG_LEVEL": "error",
    "LOG_LEVEL": "ERROR",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "postgresql"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--sizes", nargs="+", type=int, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--lessons", help="a database with the lessons that is there already")
    parser.add_argument("--static", type=Path, help="collected static files that are there already")
    asked = parser.parse_args()
    os.environ |= ENVIRONMENT
    if asked.database == "postgresql" and databases.SOCKET_FOLDER not in os.environ:
        databases.start_postgres(asked.folder, durable=True)
    lessons = asked.lessons or databases.new_name(asked.folder, "lessons")
    os.environ["DATABASE_URL"] = databases.url(lessons)
    django.setup()

    from bench.site import Site  # these want Django's settings
    from tests.server import manage, run

    if not asked.lessons:
        databases.create(lessons)
        run("scripts/prepare")
    static = asked.static or asked.folder / "static"
    if not asked.static:
        manage("collectstatic", "--noinput", STATIC_ROOT=str(static))
    site = Site(asked.folder, lessons, static, asked.sizes, asked.quick)
    tables = {}
    for part in asked.parts:
        module, begun = import_module(f"bench.{part}"), time.monotonic()
        rows = module.measure(site)
        if rows is not None:
            tables[part] = {"title": module.TITLE, "rows": checked(part, rows)}
        print(f"{asked.database}: {part}, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    print(json.dumps(tables))


def checked(part: str, rows: list[dict]) -> list[dict]:
    """``rows``. Raises AssertionError where something was not measured: that the harness works is all that CI asks."""
    assert rows, part
    for row in rows:
        assert row.get("ratio", 1) > 0 and 0 < row.get("p50 ms", 1) <= row.get("p99 ms", row.get("p50 ms", 1)), row
    return rows


if __name__ == "__main__":
    main()
