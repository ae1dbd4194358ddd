from pathlib import Path

import pytest

from lms.static_files import without_comments

CASES = [
    ("// Why.\nsend();\n", "send();\n"),
    ("if (kept) {\n    // Why.\n    send();\n}\n", "if (kept) {\n    send();\n}\n"),
    ("send(); // why\nstay();\n", "send();\nstay();\n"),
    ('open("https://pena.id/"); // why\n', 'open("https://pena.id/");\n'),
    ('say("a // b");\n', 'say("a // b");\n'),
    ("say(`a // ${b}`);\n", "say(`a // ${b}`);\n"),
    ("say('a'); // not 'b'\n", "say('a'); // not 'b'\n"),
    ("text.replace(/\\//g, 1);\n", "text.replace(/\\//g, 1);\n"),
]


@pytest.mark.parametrize(("script", "sent"), CASES)
def test_a_script_loses_its_comments_and_nothing_else(script, sent):
    assert without_comments(script) == sent


def test_phones_load_scripts_without_comments_also_by_the_names_that_never_change(static_root):
    source = without_comments(Path("static/js/outbox.js").read_text())
    assert [path.read_text() for path in static_root.glob("js/outbox.*js")] == [source, source]
    assert "//" not in source
