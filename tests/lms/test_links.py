"""What each role comes upon by following every link. A walk takes seconds: each role walks once, and every test looks
at what it met."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from io import StringIO

import pytest

from people.models import Household, Learner, User
from tests import pages
from tests.lms.test_every_answer import changed, ours
from tests.lms.world import ROLES, World

pytestmark = pytest.mark.django_db

PHONE = "+6281298765432"
NAMES = ["Suryaningsih", "Ayuningtyas", "Prameswari"]


@dataclass
class Walk:
    statuses: dict[str, int] = field(default_factory=dict)  # by path
    sources: dict[str, str] = field(default_factory=dict)  # of every page and file, by path
    addresses: list[str] = field(default_factory=list)  # with what stands behind the question mark
    changed: list[str] = field(default_factory=list)  # tables of ours
    log: str = ""


@pytest.fixture(scope="module")
def world(world) -> World:
    """Sari's family is called as nobody else, and has a phone."""
    sari = world.users["learner"].learner
    home = Household.objects.filter(pk=sari.household_id)
    home.update(phone=PHONE, messages_welcome=True, name=f"Keluarga {NAMES[0]}")
    Learner.objects.filter(pk=sari.pk).update(first_name=NAMES[1], last_name=NAMES[2])
    return world


@pytest.fixture(scope="module")
def walk(world) -> Callable[[str], Walk]:
    """Follows every link as ``role``."""

    @cache
    def walk(role: str) -> Walk:
        found, before = Walk(), ours()
        with logged() as log:
            for answer in pages.crawl(world.client(role), "/" if role == "visitor" else "/saya/"):
                path = answer.wsgi_request.path
                found.statuses[path] = answer.status_code
                found.sources[path] = answer.getvalue().decode("utf-8", "replace")
                found.addresses.append(answer.wsgi_request.get_full_path())
        found.changed, found.log = changed(before, ours()), log.getvalue()
        return found

    return walk


@contextmanager
def logged() -> Iterator[StringIO]:
    """Every line that anything logs meanwhile."""
    root, handler = logging.getLogger(), logging.StreamHandler(StringIO())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler.stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@pytest.mark.parametrize("role", ROLES)
def test_following_every_link_changes_nothing_and_finds_no_broken_page(walk, role):
    """W3"""
    met = walk(role)
    assert len(met.statuses) > 10 or role in ("editor", "administrator")
    assert {path: status for path, status in met.statuses.items() if status >= 500 or status == 404} == {}
    assert met.changed == []


@pytest.mark.parametrize("role", ["visitor", "learner", "companion", "coordinator"])
def test_labels_and_descriptions_point_to_what_stands_on_the_page(walk, role):
    """A screen reader says nothing of what is not there."""
    lost = {path: pages.lost_pointers(source) for path, source in walk(role).sources.items() if "<html" in source}
    assert len(lost) > 5
    assert {path: ids for path, ids in lost.items() if ids} == {}


@pytest.mark.parametrize("role", ROLES)
def test_no_page_tells_the_hash_of_a_secret(walk, role):
    """Z3"""
    hashes = list(User.objects.values_list("password", flat=True))
    assert {path for path, source in walk(role).sources.items() if any(one in source for one in hashes)} == set()


@pytest.mark.parametrize("role", ["visitor", "other learner", "other companion", "coordinator", "editor"])
def test_who_does_not_accompany_a_family_reads_nothing_of_it(walk, world, role):
    """Z3: its coordinator reads numbers; what she showed of her badge is hers to show."""
    family = [*NAMES, world.users["learner"].username, PHONE, PHONE.removeprefix("+62")]
    assert {path: one for path, source in walk(role).sources.items() for one in family if one in source} == {}


def test_who_accompanies_the_family_reads_its_names_and_phone(walk):
    """Or that others read nothing would prove nothing."""
    read = "".join(walk("companion").sources.values())
    assert [one for one in (*NAMES, PHONE.removeprefix("+62")) if one not in read] == []


@pytest.mark.parametrize("role", ["learner", "companion", "coordinator"])
def test_no_address_of_ours_and_no_log_line_bears_a_phone_number(walk, role):
    """P6"""
    met = walk(role)
    assert len(met.addresses) > 5
    assert [address for address in met.addresses if PHONE[3:] in address] == []
    assert PHONE[3:] not in met.log


def test_a_line_that_is_logged_is_heard(world):
    """Or that none bears a number would prove nothing."""
    with logged() as log:
        world.client("other companion").get(f"/dampingan/keluarga/{world.own['household']}/")
    assert "found nothing at /dampingan/keluarga/" in log.getvalue()
