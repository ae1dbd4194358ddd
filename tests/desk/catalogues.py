"""Reads gettext's .po files, as far as Wagtail's and ours go."""

import ast
import re
from pathlib import Path

_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? )?(".*")')


def entries(path: Path) -> list[dict[str, str]]:
    """Each message as ``{"msgid": …, "msgstr": …}``, with ``msgctxt``, ``msgid_plural`` and ``msgstr1`` where it has
    them. The header is the one whose ``msgid`` is empty."""
    found: list[dict[str, str]] = []
    entry: dict[str, str] = {}
    field = ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        match = _LINE.fullmatch(line.strip())
        if match:
            if match[1]:
                field = match[1] + (match[2] or "").replace("0", "")
            entry[field] = entry.get(field, "") + ast.literal_eval(match[3])
        elif not line.strip() and entry:
            found.append(entry)
            entry = {}
    return found
