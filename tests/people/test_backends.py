"""Whoever is signed in is found again at each request."""

import pytest
from django.conf import settings
from django.contrib.auth import load_backend

from people.backends import Backend
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def backend():
    [name] = settings.AUTHENTICATION_BACKENDS
    return load_backend(name)


def test_an_account_is_found_by_one_question(backend, django_assert_num_queries):
    sari = make.learner().user
    assert isinstance(backend, Backend)
    with django_assert_num_queries(1):
        found = backend.get_user(sari.pk)
    assert found == sari and found.get_session_auth_hash() == sari.get_session_auth_hash()


def test_a_closed_account_is_nobody(backend):
    sari = make.learner().user
    sari.is_active = False
    sari.save()
    assert backend.get_user(sari.pk) is None


def test_an_account_that_is_gone_is_nobody(backend):
    assert backend.get_user(4_000_000) is None
