"""D2: no pin falls below the version that the security of a named dependency asks for."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.server import ROOT

FLOORS = {
    requirement.name: requirement.specifier
    for requirement in map(Requirement, tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"])
}
NAMED = ["wagtail", "django", "django-allauth", "bleach", "pillow", "whitenoise"]


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_pin_of_a_named_dependency_is_not_below_its_floor(file, name):
    pin = re.search(rf"^{name}(?:\[.+\])?==(\S+)", (ROOT / file).read_text(), re.MULTILINE)

    assert any(floor.operator == ">=" for floor in FLOORS[name])
    assert pin[1] in FLOORS[name]


def test_both_files_of_requirements_pin_the_same_versions():
    product, development = (
        set(re.findall(r"^(\S+==\S+)", (ROOT / file).read_text(), re.MULTILINE))
        for file in ("requirements.txt", "requirements-dev.txt")
    )
    assert product <= development
