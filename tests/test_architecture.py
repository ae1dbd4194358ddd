"""The house keeps its shape (docs/architecture.md): what import-linter cannot see."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.server import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")
RANK = {app: -height for height, layer in enumerate(LAYERS) for app in re.split(r"\s*[|:]\s*", layer)}
SOURCES = [path for app in RANK for path in sorted((ROOT / app).rglob("*.py"))]
MAP = (ROOT / "docs" / "architecture.md").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def relations() -> Iterator[tuple[str, str, str]]:
    """(app, field, app it points to) of every relation that we drew between our models."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in RANK:
            continue
        drawn_by_others = {
            field.name
            for base in model.__mro__
            if hasattr(base, "_meta") and base._meta.abstract and base.__module__.partition(".")[0] not in RANK
            for field in base._meta.get_fields()
        }
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.related_model and field.related_model._meta.app_label
            if target in RANK and field.name not in drawn_by_others:
                yield model._meta.app_label, str(field), target


@pytest.mark.parametrize(("app", "field", "target"), list(relations()))
def test_a_relation_points_into_its_own_app_or_a_lower_layer(app, field, target):
    assert target == app or RANK[target] < RANK[app]


def test_the_relations_are_found():
    assert len(list(relations())) > 10


def test_no_file_is_a_drawer_for_anything():
    drawers = {"utils", "util", "helpers", "common", "core", "misc", "services", "selectors"}
    assert [name(path) for path in SOURCES if drawers & {path.stem, path.parent.name}] == []


def test_html_is_marked_safe_in_one_module_only():
    """W4."""
    marks = re.compile(r"mark_safe|SafeString|SafeText|SafeData|html_safe")
    assert [name(path) for path in SOURCES if marks.search(path.read_text())] == ["courses/html.py"]


def test_no_template_switches_escaping_off():
    """W4."""
    switches = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")
    assert [name(path) for path in TEMPLATES if switches.search(path.read_text())] == []


def test_every_player_says_what_it_plays():
    """Else a screen reader calls them all the same."""
    player = re.compile("<(?:audio|video)[^>]*>")
    players = [(name(path), tag) for path in TEMPLATES for tag in player.findall(path.read_text())]
    assert len(players) > 5
    assert [(path, tag) for path, tag in players if "aria-label" not in tag] == []


def test_no_import_hides_in_a_function():
    """Only ``ready()`` of apps.py must wait until Django has loaded the models."""
    hidden = [
        f"{name(path)}:{statement.lineno}"
        for path in SOURCES
        if path.name != "apps.py"
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_every_public_function_of_the_rules_says_its_types():
    untyped = [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in SOURCES
        if path.name == "rules.py"
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if function.returns is None
        or any(argument.annotation is None for argument in arguments(function) if argument.arg not in {"self", "cls"})
    ]
    assert untyped == []


def arguments(function: ast.FunctionDef) -> list[ast.arg]:
    every = function.args
    optional = [argument for argument in (every.vararg, every.kwarg) if argument]
    return [*every.posonlyargs, *every.args, *every.kwonlyargs, *optional]


def test_the_map_names_only_verbs_that_there_are():
    verbs = [
        (model, verb)
        for model, first, others in re.findall(r"`(\w+)\.objects\.(\w+)\(\)`((?:(?:,\s+|\s+and\s+)`\.\w+\(\)`)*)", MAP)
        for verb in (first, *re.findall(r"\.(\w+)\(", others))
    ]
    managers = {model.__name__: model.objects for model in apps.get_models() if model._meta.app_label in RANK}
    assert [f"{model}.{verb}" for model, verb in verbs if not hasattr(managers.get(model), verb)] == []
    assert len(verbs) > 40


def test_the_map_names_only_files_that_there_are():
    files = set(re.findall(r"`([a-z_]+/[\w/.-]+\.(?:py|js|html|md|css))`", MAP))
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []
    assert len(files) > 20
