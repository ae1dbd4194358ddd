"""Figure 6: what it takes to run the product: memory, the time until the first answer, and what is installed."""

import re
import subprocess
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bench.client import Phone, run
from bench.pages import asking
from bench.site import MB, Site
from courses.models import LessonPage
from tests.faults.crowd import inside
from tests.server import ROOT

TITLE = "Memory, start and size"


def measure(site: Site) -> list[dict]:
    database = site.crowd(1)
    with inside(database):
        paths = [lesson.url for lesson in LessonPage.objects.live()]
    begun = time.perf_counter()
    with site.serving(database) as server:
        seconds = time.perf_counter() - begun
        first = server.resident()
        for path in paths[: 5 if site.quick else None]:
            run(server.port, asking([(Phone(), "Masuk untuk")] * 4, path, 5)())
        return [
            {
                "database": site.database,
                "seconds to the first answer": round(seconds, 1),
                "worker MB at first": round(first),
                "worker MB after all lessons": round(server.resident()),
                "packages MB": round(sum(map(size_of, packages())) / MB),
                "product MB": round(product() / MB, 1),
            }
        ]


def packages() -> list[str]:
    return re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.M)


def size_of(package: str) -> int:
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError:
        return 0  # for another system
    return sum(path.stat().st_size for file in files if (path := Path(file.locate())).is_file())


def product() -> int:
    """Bytes of what git keeps, without what only tests and the reader need."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    wanted = [name for name in names.split("\0") if name and not name.startswith(("tests/", "docs/", "bench/"))]
    return sum((ROOT / name).stat().st_size for name in wanted if (ROOT / name).is_file())
