"""A companion's own learning, and the administrator's switch."""

import pytest

from progress.models import AssigningRule, GuideCompletion
from progress.teaching import to_learn_first
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina():
    return make.companion()


def switch_on() -> None:
    AssigningRule.objects.update(material_first=True)


def learned(companion, slug: str = "merek", *, but: str = "") -> None:
    """Says «Sudah saya pelajari» to every part, but for one where named."""
    module = make.module(slug)
    for part in module.guide:
        if part.key != but:
            GuideCompletion.objects.record(companion, module.translation_key, part.key)


def test_a_part_is_recorded_once(rina):
    key = make.module().translation_key
    assert GuideCompletion.objects.record(rina, key, "rubric") is True
    before = list(GuideCompletion.objects.values())
    assert GuideCompletion.objects.record(rina, key, "rubric") is False
    assert list(GuideCompletion.objects.values()) == before


def test_each_companion_has_her_own_parts_in_one_query(rina, django_assert_num_queries):
    learned(rina), learned(make.companion(), "kemasan")
    with django_assert_num_queries(1):
        parts = GuideCompletion.objects.parts_of(rina)
    assert parts == {make.module().translation_key: {"goals", "teaching", "rubric", "mistakes"}}


def test_the_switch_is_one_row_and_off_at_first():
    assert [rule.material_first for rule in AssigningRule.objects.all()] == [False]


def test_while_the_switch_is_off_nothing_comes_first(rina, django_assert_num_queries):
    module = make.module()
    with django_assert_num_queries(1):
        assert to_learn_first(rina, [module]) == []


@pytest.mark.parametrize("missing", ["goals", "teaching", "rubric", "mistakes"])
def test_switched_on_every_part_comes_first(rina, missing):
    switch_on()
    learned(rina, but=missing)
    assert to_learn_first(rina, [make.module()]) == [make.module()]
    learned(rina)
    assert to_learn_first(rina, [make.module()]) == []


def test_another_companions_learning_is_not_hers(rina):
    switch_on()
    learned(make.companion())
    assert to_learn_first(rina, [make.module()]) == [make.module()]


def test_a_module_without_material_can_be_assigned(rina):
    switch_on()
    module = make.module()
    module.guide_goals = module.companion_guide = module.guide_rubric = module.guide_mistakes = ""
    assert to_learn_first(rina, [module]) == []


def test_many_modules_take_as_many_queries_as_one(rina, django_assert_num_queries):
    switch_on()
    modules = [make.module(slug) for slug in ("merek", "kemasan", "videografi")]
    for some_modules in (modules[:1], modules):
        with django_assert_num_queries(2):
            assert to_learn_first(rina, some_modules) == some_modules
