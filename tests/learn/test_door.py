"""A learner's rights where she asks her companion, or the operator, for them."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from people.models import Consent, HouseholdEvent, Learner
from tests import factories as make
from tests.pages import soup, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari(client, rina):
    sari = make.learner(make.household(rina), code="SAR1PENA")
    client.force_login(rina.user)
    return sari


def withdraw(client, sari: Learner):
    return client.post(f"/dampingan/pelajar/{sari.pk}/persetujuan/tarik/", follow=True)


def test_her_companion_withdraws_the_consent_for_her_and_every_session_ends(client, sari, rina):
    """P2"""
    hers = Client()
    hers.force_login(sari.user)
    page = soup(withdraw(client, sari)).main
    assert "Persetujuan Bu Sari sudah ditarik. Akunnya berhenti." in text(page)
    assert page.select_one("form[action$='/persetujuan/']"), "she may agree again"
    assert not Consent.objects.valid().filter(learner=sari).exists()
    assert hers.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"
    event = sari.household.events.first()
    assert (event.kind, event.by) == (HouseholdEvent.Kind.CONSENT_WITHDRAWN, rina.user)


def test_withdrawn_twice_nothing_changes(client, sari):
    withdraw(client, sari)
    assert "Persetujuan ini sudah ditarik. Tidak ada yang berubah." in text(soup(withdraw(client, sari)).main)
    assert sari.household.events.filter(kind=HouseholdEvent.Kind.CONSENT_WITHDRAWN).count() == 1


def test_who_has_withdrawn_is_erased_by_the_operator(sari, capsys):
    """P4"""
    Consent.objects.withdraw(sari, by=sari.user)
    call_command("erase_learner", "sar1-pena")
    assert not Learner.objects.filter(pk=sari.pk).exists()
    assert capsys.readouterr().out.startswith("Erased sar1-pena.")


@pytest.mark.parametrize("code", ["TAKADA22", "rina.marlina", ""])
def test_a_code_of_nobody_erases_nobody(sari, code):
    with pytest.raises(CommandError, match="There is no learner"):
        call_command("erase_learner", code)
    assert Learner.objects.filter(pk=sari.pk).exists()
