"""Whoever erases her data or withdraws, on the phone that holds what is hers, or elsewhere."""

import json

import pytest
from playwright.sync_api import expect

from .door import sign_in
from .learner import press
from .telephone import (
    KEEP_A_LESSON,
    NEW_PIN,
    TOMORROW,
    UNDERSTAND_ALL,
    WATI,
    meanwhile,
    save_module,
    sign_out,
)


def test_what_a_learner_has_erased_is_gone_from_her_phone_and_what_others_did_there_stays(telephone):
    """P4"""
    page = telephone.page
    everything = "Promise.all(['profiles', 'waiting', 'sent', 'files'].map(outbox.all)).then((found) => found.flat())"
    telephone.sign_in(WATI)
    page.evaluate(KEEP_A_LESSON)
    page.evaluate("outbox.send()")  # there is no such lesson: it stays
    sign_out(telephone)
    tini = "print(make.learner(first_name='Tini').user.username, make.PIN)"
    code, pin = meanwhile(telephone, "Wati", tini).split()
    sign_in(page, telephone.base_url, code, pin)
    telephone.ready()
    save_module(telephone, "kemasan")
    page.evaluate(KEEP_A_LESSON)
    telephone.signal(False)
    page.evaluate(UNDERSTAND_ALL)
    telephone.signal(True)
    telephone.go("/belajar/data/hapus/")
    page.locator("#id_pin").fill(pin)
    with telephone.sending_held_up():  # a network that never answers holds up nothing here
        press(page.get_by_role("button", name="Hapus data saya"))
        expect(page.get_by_text("Di HP ini juga sudah dihapus.")).to_be_visible()
    wati = int(meanwhile(telephone, "Wati", "print(person.user_id)"))
    assert {row["owner"] for row in page.evaluate(everything)} == {wati}
    assert page.evaluate("outbox.noted('current')") is None
    assert page.evaluate("outbox.notes('paper:')") == []
    assert page.evaluate("JSON.parse(localStorage.getItem('profil')).map((one) => one.nickname)") == ["Bu Wati"]


OF = "person = Learner.objects.get(user_id={}); "
ERASE = "from learn import rights; rights.erase(person)"
AGREE_ANEW = "from people.models import Consent; by = Companion.objects.get(user__username='rina.marlina').user; "
AGREE_ANEW += "Consent.objects.give(person, method='at_the_door', by=by)"
# All that a phone has under a number.
HAS = """
    async (owner) => {
        const rows = (await Promise.all(["profiles", "waiting", "sent", "files"].map(outbox.all))).flat();
        const notes = (await Promise.all(["paper", "attempt"].map((kind) => outbox.notes(`${kind}:${owner}:`)))).flat();
        return rows.filter((row) => row.owner === owner).length + notes.length;
    }
"""
IS_NOT_THERE = """
    (owner) => new Promise((tell) => {
        indexedDB.open("belajar").onsuccess = ({ target: { result: base } }) => {
            const asked = base.transaction("profiles").objectStore("profiles").get(owner);
            asked.onsuccess = () => tell(!asked.result);
            base.close();
        };
    })
"""


@pytest.fixture
def shared(telephone) -> tuple[int, int]:
    """The telephone has work of Bu Wati, then of Bu Tini, who is signed in and has a module. Their numbers."""
    telephone.sign_in(WATI)
    telephone.page.evaluate(KEEP_A_LESSON)
    telephone.page.evaluate("outbox.send()")  # there is no such lesson: it stays
    sign_out(telephone)
    tini = "one = make.learner(first_name='Tini'); print(one.user.username, make.PIN, person.user_id, one.user_id)"
    code, pin, *owners = meanwhile(telephone, "Wati", tini).split()
    sign_in(telephone.page, telephone.base_url, code, pin)
    telephone.ready()
    save_module(telephone, "kemasan")
    telephone.page.evaluate(KEEP_A_LESSON)
    wati, tini = map(int, owners)
    assert telephone.page.evaluate(HAS, tini) > 2
    return wati, tini


@pytest.mark.parametrize("key", ["alive", "ended"])
def test_a_phone_lets_go_of_whoever_was_erased_elsewhere_and_of_nothing_of_others(telephone, shared, key):
    """P4. Her session has ended with it: the next page is the sign-in."""
    (wati, tini), page = shared, telephone.page
    if key == "ended":
        meanwhile(telephone, "Wati", OF.format(tini) + NEW_PIN)
        page.evaluate("outbox.send(true)")
        assert page.evaluate("outbox.current().then(({ ended }) => ended)")
    others = page.evaluate(HAS, wati)
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    telephone.go("/belajar/")
    expect(page.locator(".faces button")).to_have_text(["Bu Wati"])
    expect(page.get_by_text("Siapa yang mau belajar?")).to_be_visible()
    assert [page.evaluate(HAS, owner) for owner in (tini, wati)] == [0, others]
    telephone.go("/luring/")
    expect(page.get_by_role("link", name="Kemasan")).to_be_visible()
    assert page.evaluate("outbox.noted('current')") is None


def test_a_face_that_an_older_release_kept_goes_with_whoever_was_erased_elsewhere(telephone, shared):
    """P4. Faces had no number then."""
    _, tini = shared
    kept = json.loads(telephone.page.evaluate("localStorage.profil"))
    older = json.dumps([{name: one[name] for name in ("code", "nickname", "face")} for one in kept])
    telephone.page.evaluate("(older) => { localStorage.profil = older; }", older)
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    telephone.go("/belajar/")
    expect(telephone.page.locator(".faces button")).to_have_text(["Bu Wati"])


def test_what_an_older_release_noted_of_whoever_was_erased_lets_go_of_her_face_and_goes(telephone, shared):
    """P4. It noted the number alone, and the phone has the new release before it shows the sign-in again."""
    (_, tini), page = shared, telephone.page
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    page.evaluate("async (owner) => { await outbox.erase(owner); await outbox.note(`erased:${owner}`, owner); }", tini)
    telephone.go("/belajar/")
    expect(page.locator(".faces button")).to_have_text(["Bu Wati"])
    assert page.evaluate("outbox.notes('erased:')") == []


def test_a_saved_module_that_is_opened_with_a_signal_lets_go_of_whoever_was_erased(telephone, shared):
    """P4. It shows without the network, and asks for her quiz behind."""
    _, tini = shared
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    telephone.go("/modul/kemasan/")
    telephone.until(f"async () => !(await ({HAS})({tini}))")
    telephone.go("/modul/kemasan/")
    expect(telephone.page.get_by_text("Bu Tini")).to_have_count(0)


def test_work_of_whoever_withdrew_sleeps_on_the_phone_and_leaves_by_itself_once_she_agrees_anew(telephone, shared):
    _, tini = shared
    page = telephone.page
    before = page.evaluate(HAS, tini)
    meanwhile(telephone, "Wati", OF.format(tini) + "from learn import rights; rights.withdraw(person, by=person.user)")
    page.evaluate(UNDERSTAND_ALL)
    telephone.go("/belajar/")
    expect(page.locator(".faces button")).to_have_text(["Bu Tini", "Bu Wati"])
    telephone.go("/luring/")
    page.evaluate("outbox.send(true)")
    assert page.evaluate(HAS, tini) > before
    assert any(not row.get("refused") for row in telephone.waiting())
    meanwhile(telephone, "Wati", OF.format(tini) + AGREE_ANEW)
    page.evaluate(TOMORROW)
    telephone.until("async () => (await outbox.all('waiting')).every((row) => row.refused)")


def test_what_a_service_worker_is_told_of_whoever_was_erased_goes_from_the_sign_in_too(telephone, shared):
    """P4"""
    _, tini = shared
    telephone.signal(False)
    telephone.page.evaluate(KEEP_A_LESSON)
    telephone.page.goto("about:blank")
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    telephone.signal(True)
    telephone.go("/manifest.webmanifest")  # no page of ours, so that only the service worker sends
    telephone.wake()
    telephone.until(IS_NOT_THERE, tini)
    telephone.signal(False)
    telephone.go("/luring/")
    assert telephone.page.evaluate(HAS, tini) == 0
    assert len(json.loads(telephone.page.evaluate("localStorage.profil"))) == 2
    telephone.signal(True)
    telephone.go("/masuk/")
    expect(telephone.page.locator(".faces button")).to_have_text(["Bu Wati"])
