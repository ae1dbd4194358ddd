"""The fast way to the pages that learners read most, before Django: public pages for visitors, lessons and «Belajar»
for learners. FAST_PAGES=false in the environment turns it off.

Each page has a plain twin, the ordinary view. What the fast way does not know, the twin answers, and the fast way makes
a *shell* of it: the page rendered for a stand-in, with holes where a learner has her name, her card, her number and the
token of her forms. A shell is kept only where it is, filled in, the twin's own answer byte for byte, and where nothing
else of the stand-in shows: a template that comes to show more of a person stays with its twin.

A shell stands under everything that its page depends on: the content's version (courses/content_version.py), the hour,
the host, the address, and the facts that the page shows. The session and the facts are read anew at each request, so
signing out, a lesson done or a companion's answer shows at once. Learners in the same state share one shell.

Only shells are compressed, once. Names and tokens go between their pieces as they are, so that the length of an answer
tells nothing of them (BREACH).
"""

import logging
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError
from django.db.models import Case, CharField, F, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.http.cookie import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.html import escape

from badges.models import BadgeAward
from courses.languages import ORIGINAL
from courses.models import ContentVersion, LessonPage
from people.models import Household, Learner, User
from people.prepared import Prepared
from people.rules import greeting_name, time_zone_of
from people.sessions import SessionStore, running
from practice.models import PracticeSubmission
from progress.facts import outline
from progress.kept import content_version
from progress.models import LessonCompletion, ModuleAssignment, QuizOpening
from progress.rules import Module
from quizzes.models import Attempt

from . import views
from .languages import COOKIE as LANGUAGE_COOKIE
from .shells import CODE, HOLES, NAME, OTHER, OWNER, TOKEN, Environ, Headers, Shelf, Shell, send
from .twins import A_SECRET, A_TOKEN, OF_VISITORS, Application, answer_of, masked, may_be_kept, place_of

log = logging.getLogger("learn.fast_pages")

HOME, PUBLIC = "/belajar/", "/modul/"
SHELF_BYTES = 32 * 1024 * 1024  # of shells in one worker

# --- What is asked of the database -----------------------------------------------------------------------------------


def _told(kind: str, rows: QuerySet, *columns: str) -> QuerySet:
    """Rows of one table as texts, so that several tables are read at once."""
    texts = [Coalesce(Cast(column, CharField()), Value("")) for column in columns]
    texts += [Value("")] * (4 - len(texts))
    return rows.order_by().values_list(Value(kind, CharField()), *texts)


def _facts(user: int, in_lessons: dict, in_module: dict, in_lesson: dict) -> list[QuerySet]:
    hers = {"learner__user": user}
    at_meeting = Case(When(session=None, then=Value("")), default=Value("met"), output_field=CharField())
    completions = LessonCompletion.objects.filter(**hers, **in_lessons).annotate(met=at_meeting)
    return [
        _told("lesson", completions, "lesson_key", "met"),
        _told("opened", QuizOpening.objects.filter(**hers, **in_module), "module_key"),
        _told("passed", Attempt.objects.filter(passed=True, **hers, **in_module), "module_key"),
        _told(
            *("practice", PracticeSubmission.objects.current().filter(**hers, **in_lesson)),
            *("lesson_key", "pk", "feedback__pk", "feedback__by__first_name"),
        ),
    ]


def _facts_of_lesson(user: int, lesson: UUID, module: UUID, lessons: UUID) -> QuerySet:
    """``lessons`` are those of the module today: a completion bears the module of its own day."""
    in_lessons, in_module = {"lesson_key__in": [lessons]}, {"module_key": module}
    first, *others = _facts(user, in_lessons, in_module, {"lesson_key": lesson})
    return first.union(*others, all=True)


def _all_facts(user: int) -> QuerySet:
    household = Learner.objects.filter(user=user).values("household")
    tasks = ModuleAssignment.objects.current().filter(household__in=household)
    awards = BadgeAward.objects.filter(learner__user=user)
    first, *others = _facts(user, {}, {}, {})
    begun = Attempt.objects.open().filter(learner__user=user)
    others += [_told("task", tasks, "pk", "spoken", "word"), _told("award", awards, "badge", "pk")]
    return first.union(*others, _told("begun", begun, "module_key"), all=True)


def _learners(session: str, now: datetime) -> QuerySet:
    session = running(session, now)
    learners = Learner.objects.with_hindrances().filter(user=Subquery(session.values("account_id")))
    told = learners.filter(user__is_active=True).annotate(
        password=F("user__password"),
        username=F("user__username"),
        region_id=F("household__region_id"),
        version=Subquery(ContentVersion.objects.values("name")[:1]),
        session_data=Subquery(session.values("session_data")),
    )
    return told.values_list(*(field.name for field in fields(Known)))


facts_of_lesson = Prepared(_facts_of_lesson, user=int, lesson=UUID, module=UUID, lessons=UUID)
all_facts = Prepared(_all_facts, user=int)
learners = Prepared(_learners, session=str, now=datetime)


# --- Who asks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A signed-in learner, as her row tells."""

    user_id: int
    password: str
    username: str
    pk: int
    first_name: str
    address_form: str
    face: str
    language: str
    household_id: int
    region_id: str
    must_choose_pin: bool
    has_consent: bool
    version: UUID | str | None
    session_data: str  # of the session by which she asks

    @property
    def time_zone(self) -> str:
        return time_zone_of(self.region_id)

    def own(self, token: str) -> dict[str, str]:
        """What goes into the holes."""
        name = greeting_name(self.address_form, self.first_name)
        return {NAME: escape(name), OWNER: str(self.user_id), CODE: escape(self.username), TOKEN: token}


@dataclass(frozen=True)
class Reader:
    """Whoever asks for a page that the fast way may know, and what it depends on; ``learner`` is None for a visitor."""

    key: Hashable
    learner: Known | None = None
    secret: str = ""  # of her forms' tokens

    def own(self) -> dict[str, str]:
        """What goes into a learner's holes now, with a token of this answer alone."""
        return self.learner.own(masked(self.secret))


@lru_cache(maxsize=4096)
def _signed_in(session_data: str) -> tuple[int, str] | None:
    """The user's id and the hash of her secret, of a session; None where it has a message to show besides."""
    session = SessionStore().decode(session_data)
    if "_messages" in session or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    return int(session[SESSION_KEY]), session.get(HASH_SESSION_KEY, "")


@lru_cache(maxsize=4096)
def _hash_of(password: str) -> str:
    return User(password=password).get_session_auth_hash()


def learner_of(session_key: str) -> Known | None:
    """The learner who is signed in by this session, as Django's own middleware finds her."""
    for row in learners(session=session_key, now=timezone.now()):
        known = Known(*row)
        user_id, hash_of_secret = _signed_in(known.session_data) or (0, "")
        if user_id == known.user_id and constant_time_compare(_hash_of(known.password), hash_of_secret):
            return known
    return None


# --- The application -------------------------------------------------------------------------------------------------


class FastPages:
    """A WSGI application before the ``plain`` one."""

    def __init__(self, plain: Application):
        self.plain, self.shelf = plain, Shelf(SHELF_BYTES)
        self.lessons: tuple[object, dict[str, tuple[int, UUID, Module]]] = (None, {})

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        reader = self._reader(environ)
        if reader is None:
            return self.plain(environ, start_response)
        if shell := self.shelf.get(reader.key):
            return self._answer(shell, reader, environ, start_response)
        if reader.key in self.shelf:
            return self.plain(environ, start_response)
        return self._learn(reader, environ, start_response)

    def _answer(self, shell: Shell, reader: Reader, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        if reader.learner is None:
            return shell.answer_all(environ, start_response)
        return shell.answer(reader.own(), environ, start_response)

    def _reader(self, environ: Environ) -> Reader | None:
        """None where only the twin can answer."""
        path = str(environ["PATH_INFO"])
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or not path.startswith((HOME, PUBLIC)):
            return None
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        try:
            if settings.SESSION_COOKIE_NAME in cookies:
                return self._learner(environ, path, cookies)
            return self._visitor(environ, path, cookies) if cookies.keys() <= OF_VISITORS else None
        except (DatabaseError, InterfaceError):
            log.exception("nothing could be read for %s", path)
            return None  # Django looks after its connection as the twin begins

    def _visitor(self, environ: Environ, path: str, cookies: dict[str, str]) -> Reader | None:
        version = content_version() if path.startswith(PUBLIC) else None
        return Reader((version, *place_of(environ, path, cookies))) if version else None

    def _learner(self, environ: Environ, path: str, cookies: dict[str, str]) -> Reader | None:
        session, secret = (cookies.get(name, "") for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME))
        allowed = {*OF_VISITORS, settings.SESSION_COOKIE_NAME, LANGUAGE_COOKIE}
        if not A_SECRET.fullmatch(secret) or not cookies.keys() <= allowed:  # a message that waits, for example
            return None
        learner = learner_of(session)
        if learner is None or learner.version is None:
            return None
        if (learner.language or cookies.get(LANGUAGE_COOKIE, ORIGINAL)) != ORIGINAL:
            return None
        if path == HOME:
            facts = all_facts(user=learner.user_id)
        elif lesson := self._lessons(learner.version).get(path):
            _, key, module = lesson
            facts = facts_of_lesson(user=learner.user_id, lesson=key, module=module.key, lessons=module.lessons)
        else:
            return None
        own = (learner.face, learner.time_zone, learner.must_choose_pin, learner.has_consent, frozenset(facts))
        return Reader((learner.version, *place_of(environ, path, cookies), own), learner, secret)

    def _lessons(self, version: object) -> dict[str, tuple[int, UUID, Module]]:
        """The id, key and module of each published lesson, by address."""
        if self.lessons[0] != version:
            content = outline()
            rows = ((page, module) for key, module in content.modules.items() for page in content.lessons_of(key))
            found = {page.get_url(): (page.pk, page.translation_key, module) for page, module in rows}
            self.lessons = (version, found)
        return self.lessons[1]

    def _learn(self, reader: Reader, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """The twin's answer; and, from now on, a shell that gives the same."""
        status, headers, body = answer_of(self.plain, environ)
        shell = None
        if status == "200 OK" and may_be_kept(headers, has_forms=bool(reader.learner)):
            try:
                shell = self._shell(reader, environ, headers, body.decode())
            except Exception:  # whatever a template finds missing in a stand-in: the twin has answered already
                log.exception("no shell of %s", environ["PATH_INFO"])
        # Not where something was written meanwhile; nor for what is no page, of which there is no end.
        if status == "200 OK" and self._reader(environ) == reader:
            self.shelf.put(reader.key, shell)
            if shell:
                return self._answer(shell, reader, environ, start_response)
        return send(start_response, status, headers, body)

    def _shell(self, reader: Reader, environ: Environ, headers: Headers, plain: str) -> Shell | None:
        """None where it would not give the ``plain`` answer, or shows more of a person than it has holes for."""
        if HOLES.search(plain):  # what an editor pasted from a font of pictures
            return None
        if reader.learner is None:
            return Shell(plain, headers)
        path = str(environ["PATH_INFO"])
        page = None if path == HOME else LessonPage.objects.get(pk=self._lessons(reader.learner.version)[path][0])
        if page and page.get_view_restrictions().exists():  # one learner has typed its password, another has not
            return None
        with timezone.override(reader.learner.time_zone):
            text = rendered(reader.learner, environ, page)
        shell, token = Shell(text, headers), A_TOKEN.search(plain)
        own = reader.learner.own(token[1] if token else "")
        if OTHER in text or b"".join(shell.filled(own)).decode() != plain:
            if self._reader(environ) == reader:  # else it is something that was written between the two
                log.warning("%s differs from its plain twin and stays with it", path)
            return None
        return shell


# --- The stand-in ----------------------------------------------------------------------------------------------------


def stand_in(learner: Known) -> User:
    """A user whose learner has this one's facts, and holes for a name. What else one could show of her is OTHER."""
    household = Household(pk=learner.household_id, region_id=learner.region_id, name=OTHER, phone=OTHER)
    double = Learner(pk=learner.pk, household=household, first_name=NAME, last_name=OTHER, reference=OTHER)
    double.face, double.language = learner.face, learner.language
    double.must_choose_pin, double.has_consent = learner.must_choose_pin, learner.has_consent
    user = User(username=CODE, first_name=OTHER, last_name=OTHER, email=OTHER)
    user.pk, user.learner_or_none = OWNER, double
    user.works_in, user.scope_region_id = [], None
    return user


def rendered(learner: Known, environ: Environ, page: LessonPage | None) -> str:
    """The lesson ``page``, else «Belajar», as the stand-in sees it."""
    request = WSGIRequest(environ.copy())
    request.user = stand_in(learner)
    response = page.serve(request) if page else views.home(request)
    response.context_data["csrf_token"] = TOKEN
    return response.render().text
