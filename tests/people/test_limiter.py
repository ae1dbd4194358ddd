"""The limiter of wrong PINs, with the real server's four workers, against a spray, and behind a proxy."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from allauth.account.adapter import get_adapter
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, RequestFactory

from people.hashers import PepperedArgon2PasswordHasher
from people.models import Consent, User
from people.rules import new_card_code
from tests import databases, factories, pages
from tests.people.test_signing_in import NOT_RIGHT, TOO_OFTEN, WRONG_PIN, is_signed_in, message, sign_in
from tests.server import RealServer, running

IN = "masuk"


# --- Four real workers -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def four_workers(tmp_path_factory, demo_database, static_root) -> Iterator[RealServer]:
    """The production server with four workers, behind a proxy that says from where each request came."""
    folder = tmp_path_factory.mktemp("four")
    database = databases.new_name(folder, "four_workers")
    databases.copy(demo_database, database)
    with running(folder, database, static_root, WORKERS="4", ALLAUTH_TRUSTED_PROXY_COUNT="1") as server:
        yield server


def try_pin(server: RealServer, login: str, pin: str, *, at: str) -> str:
    """What a phone at the address ``at`` is told in the end; ``masuk`` where it is let in. A connection a request: any
    worker may answer. Asked to wait, it sends again."""

    def ask(method: str, body: str = "", headers: dict | None = None):
        wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        wire.request(method, "/masuk/", body, {"X-Forwarded-For": at, "Connection": "close"} | (headers or {}))
        answer = wire.getresponse()
        text = answer.read().decode()
        wire.close()
        return answer, text

    page, _ = ask("GET")
    token = re.search(r"csrftoken=(\w+)", page.getheader("Set-Cookie"))[1]
    form = urlencode({"login": login, "password": pin, "csrfmiddlewaretoken": token})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"}
    answer, text = ask("POST", form, headers)
    while answer.status == 503:
        answer, text = ask("POST", form, headers)
    if answer.status == 302:
        return IN
    alert = BeautifulSoup(text, "html.parser").select_one("[role=alert]")
    return pages.text(alert) if alert else f"status {answer.status}"


def test_exactly_five_wrong_pins_are_checked_by_four_workers(four_workers):
    """A2: the sixth is not, and neither is the right one after it."""
    said = [try_pin(four_workers, "SAR1PENA", WRONG_PIN, at="198.51.100.1") for _ in range(6)]
    assert said == [NOT_RIGHT] * 5 + [TOO_OFTEN]
    assert try_pin(four_workers, "SAR1PENA", factories.PIN, at="198.51.100.1") == TOO_OFTEN


def test_another_address_changes_nothing_for_a_locked_learner(four_workers):
    """A2: the count is the learner's, not the phone's."""
    for _ in range(5):
        try_pin(four_workers, "DED1PENA", WRONG_PIN, at="198.51.100.2")
    assert try_pin(four_workers, "DED1PENA", factories.PIN, at="198.51.100.3") == TOO_OFTEN


def test_another_learner_at_the_same_address_is_let_in(four_workers):
    """A4"""
    for _ in range(6):
        try_pin(four_workers, "N0B0DY77", WRONG_PIN, at="198.51.100.4")
    assert try_pin(four_workers, "WAT1PENA", factories.PIN, at="198.51.100.4") == IN


def test_at_the_same_moment_no_more_than_five_wrong_pins_are_checked(four_workers):
    """A2: eight phones, five tries each, all at once."""
    phones, said = 8, []
    start = threading.Barrier(phones)

    def guess(number: int):
        start.wait()
        for _ in range(5):
            said.append(try_pin(four_workers, "rina.marlina", "kata-sandi-yang-salah", at=f"198.51.100.{10 + number}"))

    threads = [threading.Thread(target=guess, args=[number]) for number in range(phones)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 40
    assert set(said) == {NOT_RIGHT, TOO_OFTEN}
    assert said.count(NOT_RIGHT) <= 5


@contextmanager
def noting_on_sqlite(written: list[tuple[str, bool]]) -> Iterator[None]:
    """Notes of each write into which table it goes, and whether it waits for the disk."""

    def note(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous")
                written.append((re.search(r'"(\w+)"', sql)[1], cursor.fetchone() == (2,)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


@contextmanager
def noting_on_postgresql(written: list[tuple[str, bool]]) -> Iterator[None]:
    """The same, told by triggers at the very commit, as whatever a transaction sets holds until then."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SET synchronous_commit = on;  -- the tests' own waits for nothing, for speed
            CREATE TABLE told (place text, waits bool);
            CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO told VALUES (tg_table_name, current_setting('synchronous_commit') = 'on'); RETURN NULL;
            END $$""")
        for table in ("cache", "people_session", "people_user"):
            cursor.execute(f"""
                CREATE CONSTRAINT TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON {table}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tell()""")
        yield
        cursor.execute("SELECT place, waits FROM told")
        written += cursor.fetchall()
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
        cursor.execute("DROP FUNCTION tell CASCADE; DROP TABLE told")
    connection.close()  # and with it what was set above


@pytest.mark.django_db(transaction=True)
def test_only_the_limiters_own_counts_do_not_wait_for_the_disk():
    """R11: twenty writes a sign-in that a power cut may forget; whatever else it writes, it may not."""
    factories.learner(code="SAR1PENA")
    written: list[tuple[str, bool]] = []
    noting = {"sqlite": noting_on_sqlite, "postgresql": noting_on_postgresql}[connection.vendor]
    with noting(written):
        assert sign_in(Client(), "SAR1PENA").status_code == 302
    assert {table for table, _ in written} >= {"cache", "people_session", "people_user"}
    assert all(waits is (table != "cache") for table, waits in written)


# --- The day -----------------------------------------------------------------------------------------------------


def buckets() -> set[str]:
    """The names of all that the limiter counts now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        keys = {key.split(":", 2)[2] for (key,) in cursor.fetchall()}
    return {key for key in keys if key.startswith("allauth:rl:") and not key.endswith(":lock")}


def let_minutes_pass(minutes: int) -> None:
    """What the clock does to the tries that the limiter remembers."""
    for key in buckets():
        cache.set(key, [at - minutes * 60 for at in cache.get(key, [])], None)


@pytest.mark.django_db
def test_twenty_wrong_pins_a_day_are_checked_and_no_more():
    """A2"""
    factories.learner(code="SAR1PENA")
    said = []
    for _ in range(5):
        said += [message(sign_in(Client(), "SAR1PENA", WRONG_PIN)) for _ in range(5)]
        let_minutes_pass(16)
    assert said == [NOT_RIGHT] * 20 + [TOO_OFTEN] * 5
    assert message(sign_in(Client(), "SAR1PENA")) == TOO_OFTEN
    let_minutes_pass(24 * 60)
    assert sign_in(Client(), "SAR1PENA").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "is_open"), [(14, False), (15, True)])
def test_after_fifteen_minutes_she_may_try_again(minutes, is_open):
    """A2"""
    factories.learner(code="SAR1PENA")
    for _ in range(5):
        sign_in(Client(), "SAR1PENA", WRONG_PIN)
    let_minutes_pass(minutes)
    client = Client()
    sign_in(client, "SAR1PENA")
    assert is_signed_in(client) is is_open


# --- A spray -----------------------------------------------------------------------------------------------------


def consume(code: str, address: str) -> bool:
    """What every sign-in does before a PIN is looked at: whether it may be. No page and no hash, so that thousands
    take seconds."""
    request = RequestFactory(REMOTE_ADDR=address).post("/masuk/")
    try:
        get_adapter(request).pre_authenticate(request, username=code)
    except ValidationError:
        return False
    return True


@pytest.mark.django_db
def test_a_spray_of_five_thousand_codes_unlocks_nobody():
    """A5: no count is pushed out by the others, from however many addresses they come."""
    sari = factories.learner(code="SAR1PENA")
    for _ in range(5):
        assert consume("SAR1PENA", "198.51.100.1")
    assert not consume("SAR1PENA", "198.51.100.1")

    let_in = sum(consume(new_card_code(), f"10.0.{number // 50}.1") for number in range(5000))

    assert let_in == 5000, "the spray reached the limiter"
    assert len(buckets()) > 10_000, "every code is counted, each by the quarter of an hour and by the day"
    assert not consume("SAR1PENA", "198.51.100.2")
    assert message(sign_in(Client(), sari.user.username)) == TOO_OFTEN


@pytest.mark.django_db
def test_one_address_tries_sixty_wrong_pins_a_minute_and_no_more():
    """A5: a spray from one phone ends early, whatever codes it tries."""
    let_in = [consume(new_card_code(), "198.51.100.1") for _ in range(70)]
    assert let_in == [True] * 60 + [False] * 10
    assert consume(new_card_code(), "198.51.100.2")


# --- Behind a proxy ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, "{}"), (1, "{}, 198.51.100.7")],  # a proxy of ours adds the address that it sees
)
@pytest.mark.parametrize("forged", ["203.0.113.7", "127.0.0.1", "10.0.0.1, 203.0.113.8", "x", "::1", ","])
def test_a_forged_address_changes_no_bucket(settings, proxies, seen, forged):
    """A6"""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    def wrong_pin(header: str):
        return sign_in(Client(headers={"x-forwarded-for": header}), "N0B0DY77", WRONG_PIN)

    wrong_pin(seen.format("192.0.2.1"))
    before = buckets()
    assert message(wrong_pin(seen.format(forged))) == NOT_RIGHT
    assert buckets() == before
    for _ in range(3):
        wrong_pin(seen.format(forged))
    assert message(wrong_pin(seen.format("192.0.2.99"))) == TOO_OFTEN


# --- The same work for every answer ------------------------------------------------------------------------------


class CountingHasher(PepperedArgon2PasswordHasher):
    """The product's own, counting how often it does its slow work."""

    runs = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.runs += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        CountingHasher.runs += 1
        return super().verify(password, encoded)


def hashes(login: str, pin: str) -> int:
    """How many PINs are hashed for one sign-in."""
    before = CountingHasher.runs
    sign_in(Client(), login, pin)
    return CountingHasher.runs - before


@pytest.fixture
def counted(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.{CountingHasher.__name__}"]


@pytest.mark.django_db
@pytest.mark.usefixtures("counted")
def test_every_sign_in_hashes_exactly_one_pin():
    """A7: so that no clock tells an unknown code from a wrong PIN, a card without a PIN or a closed account."""
    factories.learner(code="SAR1PENA")
    factories.learner(code="N0P1N000", pin=None)
    closed = factories.learner(code="C10SED00")
    Consent.objects.withdraw(closed, by=closed.user)
    factories.staff()
    assert User.objects.count() == 4
    work = {
        "a right PIN": hashes("SAR1PENA", factories.PIN),
        "a wrong PIN": hashes("SAR1PENA", WRONG_PIN),
        "an unknown code": hashes("N0B0DY77", WRONG_PIN),
        "an unknown name": hashes("bukan.siapa", factories.PASSWORD),
        "a card without a PIN": hashes("N0P1N000", WRONG_PIN),
        "a closed account": hashes("C10SED00", WRONG_PIN),
    }
    assert work == dict.fromkeys(work, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("counted")
def test_a_locked_sign_in_hashes_nothing():
    """A2, A7: past the limit even the right PIN is not looked at, known or unknown."""
    factories.learner(code="SAR1PENA")
    for login in ("SAR1PENA", "N0B0DY77"):
        assert [hashes(login, WRONG_PIN) for _ in range(7)] == [1] * 5 + [0] * 2
    assert hashes("SAR1PENA", factories.PIN) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("counted")
def test_the_first_sign_in_hashes_as_often_for_an_unknown_code_as_for_a_claimed_one():
    """A7: time tells nothing; and past the fifth try nothing is hashed."""
    factories.learner(code="SAR1PENA")
    for code in ("SAR1PENA", "N0B0DY77"):
        runs = []
        for _ in range(7):
            before = CountingHasher.runs
            Client().post("/masuk/pertama/", {"code": code, "pin": "395812", "again": "395812"})
            runs.append(CountingHasher.runs - before)
        assert runs == [1] * 5 + [0] * 2
