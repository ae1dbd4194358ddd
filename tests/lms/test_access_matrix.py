"""Z1: who may open what. One row for each address of the site; an address without a row fails."""

import pytest
from django.db import transaction

from tests.addresses import Address, addresses
from tests.lms.world import ROLES, World

pytestmark = pytest.mark.django_db

GROUPS = {role.replace(" ", "_"): [role] for role in ROLES} | {
    "learners": ["learner", "other learner"],
    "companions": ["companion", "other companion"],
    "coordinators": ["coordinator", "other coordinator"],
    "everyone": ROLES,
    "signed_in": ROLES[1:],
}

# An answer says what GET gets, and what a POST with nothing in it gets. «in» is the way to the sign-in and back.
# 404 for a companion is what she gets for a household that is not there. 422 asks for what is missing; a 200 to an
# empty POST shows the empty form again.


def row(visitor: str, others: str, **named: str) -> tuple[dict[str, str], dict[str, str]]:
    """What each role is answered, and what fills the variable parts of the address: ``pk="household"``."""
    answers = dict.fromkeys(ROLES, others) | {"visitor": visitor}
    fills = {}
    for name, value in named.items():
        if name in GROUPS:
            answers |= dict.fromkeys(GROUPS[name], value)
        else:
            fills[name] = value
    return answers, fills


def form(**named: str):
    """A page with a form: everybody else is refused both to read and to send."""
    return row("in in", "403 403", **named)


def read(**named: str):
    """A page to read."""
    return row("in 405", "403 405", **named)


def button(**named: str):
    """A form on another page: this address only takes it."""
    return row("405 in", "405 403", **named)


def public(answer: str, **named: str):
    """A page that everybody has, signed in or not."""
    return row(named.pop("visitor", answer), answer, **named)


# By the name of the address, or by its path where it has none.
ROWS = {
    # Signing in, and one's own account
    "home": form(signed_in="302 302"),
    "own_account": read(signed_in="200 405", learners="302 405"),
    "account_login": public("302 302", visitor="200 200"),
    "first_pin": public("200 200"),
    "new_pin": form(learners="302 302"),  # only after a temporary PIN
    "consent": form(learners="200 200"),
    "account_logout": public("200 302", visitor="302 302"),
    "account_signup": form(),
    "account_reset_password": form(),
    "account_inactive": public("200 405"),
    "account_reauthenticate": form(signed_in="200 200"),
    "account_change_password": form(signed_in="200 200"),
    "_util/login/": form(),
    "wagtailcore_login": form(),
    # The learner's
    "learn:home": read(learners="200 405"),
    "learn:complete_lesson": button(learners="405 302", key="lesson"),
    "learn:take_module": button(learners="405 302", key="module_key"),
    "learn:leave_module": button(learners="405 302", key="module_key"),
    "learn:begin_attempt": button(learners="405 302", key="quiz"),
    "learn:question": form(learner="200 422", other_learner="404 404", id="attempt", number="one"),
    "learn:result": read(learner="302 405", other_learner="404 405", id="attempt"),
    "learn:paper": read(learners="200 405", key="quiz"),
    # For a phone's outbox, in JSON. A key says who sends; who is signed in does not matter.
    "learn:send": public("405 401"),
    "learn:send_file": public("405 401", id="new_id"),
    "learn:still_hers": public("405 401"),
    "learn:sending_key": row("405 401", "405 403", learners="405 200", companions="405 200"),
    # For a phone to work without a signal: the same for everyone; what is hers lies on her phone.
    "service_worker": public("200 405"),
    "manifest": public("200 405"),
    "offline": public("200 405"),
    "offline_quiz": public("200 405"),
    "offline_practice": public("200 405"),
    "offline_road": public("200 405"),
    "learn:outbox": public("200 405"),
    "search": public("200 405"),
    "module_files": public("200 405", key="module_key"),
    "learn:practice": form(learners="200 422", key="lesson"),
    "learn:withdraw_practice": button(learner="405 302", other_learner="405 404", id="practice"),
    "learn:receive_evidence": button(learners="405 422", id="evidence"),
    "learn:data": read(learners="200 405"),
    "learn:data_correct": form(learners="200 422"),
    "learn:data_download": read(learners="200 405"),
    "learn:data_withdraw": form(learners="200 302"),
    "learn:data_erase": form(learners="200 422"),
    # The companion's
    "companions:today": read(companions="200 405"),
    "companions:road": read(companions="200 405"),
    "companions:caseload": read(companions="200 405"),
    "companions:contact_data": form(companion="200 200", other_companion="404 404", pk="household"),
    "companions:message": form(companion="200 200", other_companion="404 404", pk="household"),
    "companions:visit": form(companion="200 200", other_companion="404 404", pk="household"),
    "companions:contacted": button(companion="405 302", other_companion="405 404", pk="household"),
    "companions:take_back_contact": button(companion="405 302", other_companion="405 404", pk="household"),
    "companions:household": form(companion="200 200", other_companion="404 404", pk="household"),
    "companions:make_household": form(companions="200 200"),
    "companions:history": form(companion="200 200", other_companion="404 404", pk="household"),
    "companions:add_learner": form(companion="200 200", other_companion="404 404", pk="household"),
    "companions:learner": form(companion="200 200", other_companion="404 404", pk="learner"),
    "companions:move_learner": button(companion="405 422", other_companion="405 404", pk="learner"),
    "companions:reset_pin": button(companion="405 200", other_companion="405 404", pk="learner"),
    "companions:record_consent": button(companion="405 422", other_companion="405 404", pk="learner"),
    "companions:household_cards": read(companion="200 405", other_companion="404 405", pk="household"),
    "companions:group_cards": read(companions="200 405"),
    "companions:card_picture": read(companion="200 405", other_companion="404 405", pk="learner"),
    "companions:practice_queue": read(companions="200 405"),
    "companions:answer_practice": form(companion="200 422", other_companion="404 404", id="practice"),
    "companions:practice_tasks": read(companion="200 405", other_companion="404 405", pk="learner"),
    "companions:record_practice": form(companion="200 422", other_companion="404 404", pk="learner", key="lesson"),
    "companions:receive_evidence": button(companion="405 422", other_companion="405 404", pk="learner", id="evidence"),
    "companions:assign_to_many": form(companions="200 200"),
    "companions:withdraw": button(companion="405 302", other_companion="405 404", pk="assignment"),
    "companions:guide": read(companions="200 405", slug="module"),
    "companions:complete_guide": button(companions="405 302", slug="module", part="guide_part"),
    "companions:material": read(companions="200 405"),
    "companions:sheets": read(companions="200 405", module="module"),
    "companions:sheet": read(companions="200 405", module="module", lesson="lesson_slug"),
    "companions:meetings": read(companions="200 405"),
    "companions:make_meeting": form(companions="200 200"),
    "companions:meeting": form(companion="200 422", other_companion="404 404", id="meeting"),
    "companions:undo_meeting": button(companion="405 302", other_companion="405 404", id="meeting"),
    "companions:recap": read(companions="200 405"),
    "refused": read(companions="200 405", administrator="200 405"),
    "withdraw_at_the_door": button(companion="405 302", other_companion="405 404", pk="learner"),
    "see_refused": button(companion="405 302", other_companion="405 404", administrator="405 302", pk="refused"),
    # The coordinator's
    "reports:region": read(coordinators="200 405"),
    "reports:workbook": read(coordinators="200 405"),
    "reports:first_companion": form(coordinators="302 302"),  # every household there is accompanied
    "reports:hand_over": form(coordinator="200 200", other_coordinator="404 404", pk="companion"),
    # The administrator's
    "import": form(administrator="200 200"),
    "import_template": read(administrator="200 405", kind="import_kind"),
    "import_batch": read(administrator="200 405", pk="import_batch"),
    "import_check": button(administrator="405 302", pk="import_batch"),
    "import_save": button(administrator="405 302", pk="import_batch"),
    "import_refused": read(administrator="200 405", pk="import_batch"),
    "import_discard": button(administrator="405 302", pk="import_batch"),
    "export": read(administrator="200 405", kind="import_kind", form="export_form"),
    # For everyone
    "choose_language": public("405 404", key="module_key"),
    "jv/%(path)s": public("404 404", path="no_file"),
    "su/%(path)s": public("404 404", path="no_file"),
    "spoken_word": public("404 405", learner="200 405", companion="200 405", id="spoken_word"),
    "evidence": public("404 405", learner="200 405", companion="200 405", id="evidence"),
    "badges:award": public("200 200", id="award"),
    "favicon.ico": public("302 302"),
    "media/%(path)s": public("404 404", path="no_file"),
}

# What others wrote counts as one, by where it begins, and is asked at its front doors. The last one takes what is left.
STAFF_ONLY = row("in in", "403 403", editor="200 405", administrator="200 405")
PARTS = {
    "kelola/": {"/kelola/": STAFF_ONLY, "/kelola/pages/": STAFF_ONLY},
    "django-admin/": {
        "/django-admin/": form(administrator="200 200"),
        "/django-admin/people/learner/": form(administrator="200 200"),
    },
    "akun/pengaman/": {
        "/akun/pengaman/": row("in in", "200 405", learners="403 403"),
        "/akun/pengaman/totp/activate/": row("in in", "302 302", learners="403 403"),
    },
    "dokumen/": {"/dokumen/1/berkas.pdf": public("404 404")},
    "_util/": {"/_util/authenticate_with_password/1/1/": public("404 404")},
    "": {
        "/": public("200 200"),
        "/modul/merek/memilih-nama/": public("200 200"),
        "/modul/merek/kuis/": row("in in", "200 200", other_learner="403 403"),  # hers is locked
        "/tidak-ada/": public("404 404"),
    },
}


def part_of(address: Address) -> str | None:
    """The part that the address belongs to; None where it needs a row of its own."""
    found = next(prefix for prefix in PARTS if address.template.startswith(prefix))
    return found if found or address.name == "wagtail_serve" else None


OURS = {address.name or address.template: address for address in addresses() if part_of(address) is None}
OURS |= {"wagtailcore_login": next(one for one in addresses() if one.name == "wagtailcore_login")}
OURS |= {"_util/login/": next(one for one in addresses() if one.template == "_util/login/")}


def answers(world: World, path: str) -> dict[str, str]:
    """What each role gets at ``path``, reading and sending; whatever was changed is undone."""

    def ask(role: str, method: str) -> str:
        with transaction.atomic():
            response = getattr(world.client(role), method)(path)
            transaction.set_rollback(True)
        world.put_back_the_photo()
        to = response.headers.get("Location", "")
        return "in" if to.startswith(("/masuk/?next=", "/django-admin/login/?next=")) else str(response.status_code)

    return {role: f"{ask(role, 'get')} {ask(role, 'post')}" for role in ROLES}


def test_every_address_has_a_row():
    """Z1: a new URL is a question, and it is answered here."""
    missing = sorted(OURS.keys() - ROWS.keys())
    assert not missing, (
        f"Add a row for each of {', '.join(missing)} to ROWS in tests/lms/test_access_matrix.py: "
        "who may open it, and what is everyone else answered?"
    )


def test_every_row_has_an_address():
    gone = sorted(ROWS.keys() - OURS.keys())
    assert not gone, f"Take {', '.join(gone)} out of ROWS in tests/lms/test_access_matrix.py: there is no such address."


@pytest.mark.parametrize("name", ROWS)
def test_each_role_gets_what_its_row_says(world, name):
    """Z1"""
    expected, fills = ROWS[name]
    filled = {parameter: world.own[value] for parameter, value in fills.items()}
    assert answers(world, OURS[name].path(**filled)) == expected


@pytest.mark.parametrize("path", [path for part in PARTS.values() for path in part])
def test_each_role_gets_what_the_row_of_a_part_says(world, path):
    """Z1"""
    expected, _ = next(part[path] for part in PARTS.values() if path in part)
    assert answers(world, path) == expected


PICTURES_AND_WORDS = ["/kelola/sprite/", "/kelola/jsi18n/"]  # Wagtail's own icons and translations


@pytest.mark.parametrize(
    ("role", "beyond"),
    [
        ("visitor", ("kelola/", "django-admin/")),
        ("learner", ("kelola/", "django-admin/")),
        ("companion", ("kelola/", "django-admin/")),
        ("coordinator", ("kelola/", "django-admin/")),
        ("editor", ("django-admin/",)),
    ],
)
def test_no_address_of_the_staffs_parts_shows_anything_to_others(world, role, beyond):
    """Z1: walks them all, reading and sending."""
    client = world.client(role)
    paths = {address.any_path() for address in addresses() if address.template.startswith(beyond)}
    shown = [path for path in paths for ask in (client.get, client.post) if ask(path).status_code < 300]
    assert sorted(set(shown) - set(PICTURES_AND_WORDS)) == []
