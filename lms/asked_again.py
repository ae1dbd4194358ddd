"""The fast way to a page that is made of very much: «Hari ini», of all that is known of 400 households.
FAST_PAGES=false in the environment turns it off.

Such a page follows from what the database told while it was made. So all its questions are kept beside it, with their
answers, and are asked again when the same person comes again. While every answer is the same, so is the page. Nothing
here knows what a companion's page shows, and whatever it comes to show, it asks for.

To ask twice makes a page a quarter dearer, so it is done for whoever comes to the same worker a second time within a
STEP; from the third time on she gets the kept page. What follows from the clock alone moves with each STEP: «5 menit
yang lalu», seven days quiet. A session ends at its own moment.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http.cookie import parse_cookie
from django.utils import timezone

from learn.shells import HOLES, TOKEN, Environ, Headers, Shelf, Shell, send
from learn.twins import A_SECRET, A_TOKEN, OF_VISITORS, Application, answer_of, masked, may_be_kept, place_of
from people.prepared import A_PLACE, array_of, driver_of, numbered, own_connection, run_numbered
from people.sessions import session_data
from progress.kept import content_version

log = logging.getLogger("lms.asked_again")

PAGE = "/dampingan/"
STEP = 5 * 60  # seconds
A_ROW = "hash_record_extended(ROW(told.*), 0)"
IN_ORDER, IN_ANY_ORDER = f"hash_array_extended(array_agg({A_ROW}), 0)", f"SUM({A_ROW})"
INNERMOST = re.compile(r"\([^()]*\)")
A_LIST = re.compile(r"( IN \((?:%s, )*%s\))")
SHELF_BYTES = 32 * 1024 * 1024  # of pages in one worker

Answer = str | int | Decimal | None  # SQLite tells everything, PostgreSQL its hash, or nothing where nothing is found


class Question(NamedTuple):
    """A statement that tells in one value all that another one tells, as the driver takes it."""

    sql: str
    params: tuple


def question_about(sql: str, params: Sequence) -> Question:
    """``sql`` and ``params`` as Django hands them to a cursor. Raises DatabaseError."""
    if own_connection().vendor == "postgresql":
        return with_arrays(f"SELECT {IN_ORDER if is_ordered(sql) else IN_ANY_ORDER} FROM ({sql}) AS told", params)  # noqa: S608
    sql = sql.replace("%s", "?").replace("%%", "%")
    with own_connection().wrap_database_errors:
        described = driver_of(own_connection()).execute(f"SELECT * FROM ({sql}) LIMIT 0", params).description  # noqa: S608  Django's SQL
    names = ", ".join(f"c{place}" for place in range(len(described)))
    told = f"WITH told({names}) AS ({sql}) SELECT json_group_array(json_array({names})) FROM told"  # noqa: S608
    return Question(told, tuple(params))


def answers_to(questions: Sequence[Question]) -> list[Answer]:
    """In their order; past Django's cursors, which would ask for answers to these as well. PostgreSQL is asked all of
    them in one statement, which is a quarter cheaper than to send them at once. Raises DatabaseError."""
    driver = driver_of(own_connection())
    with own_connection().wrap_database_errors:
        if own_connection().vendor != "postgresql":
            return [driver.execute(*question).fetchone()[0] for question in questions]
        whole = joined(tuple(one.sql for one in questions))
        params = [param for one in questions for param in one.params]
        return list(run_numbered(driver, whole, params, lambda cursor: cursor.fetchone(), prepare=True))


@lru_cache(maxsize=64)
def joined(questions: tuple[str, ...]) -> str:
    """One statement that asks them all."""
    return numbered("SELECT {}".format(", ".join(f"({sql})" for sql in questions)))


def is_ordered(sql: str) -> bool:
    """Whether the statement as a whole asks for an order. Where it does not, its rows come as they are found: another
    plan finds the same ones otherwise."""
    outside, inside = sql, ""
    while outside != inside:
        outside, inside = INNERMOST.sub("", outside), outside
    return "ORDER BY" in outside


def with_arrays(sql: str, params: Sequence) -> Question:
    """With each list of ids as one array: the statement is the same for any number of them, and planned once."""
    texts, given, place = [], [], 0
    for text in A_LIST.split(sql):
        some = params[place : place + len(A_PLACE.findall(text))]
        place += len(some)
        is_ids = A_LIST.fullmatch(text) and all(type(one) is int for one in some)
        texts.append(" = ANY(%s)" if is_ids else text)
        given += [array_of(some)] if is_ids else some
    return Question("".join(texts), tuple(given))


@dataclass
class Asked:
    """What a page asks while it is made: a wrapper of Django's (``connection.execute_wrapper``). Each question is asked
    just before the page itself asks: the answer may be older than the page, and the page is then made anew."""

    questions: list[Question] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    is_all: bool = True  # only reads, and only what can be asked again

    def __call__(self, execute: Callable, sql: str, params: tuple, many: bool, context: dict):
        self.is_all &= sql.startswith(("SELECT", "(SELECT")) and not isinstance(params, dict)
        if self.is_all:
            self._ask(sql, params or ())
        return execute(sql, params, many, context)

    def _ask(self, sql: str, params: Sequence) -> None:
        try:
            question = question_about(sql, params)
            self.answers += answers_to([question])
            self.questions.append(question)
        except DatabaseError:  # it tells what cannot be hashed, for example
            self.is_all = False


@dataclass(frozen=True)
class Kept:
    """A page that was made of these answers."""

    shell: Shell
    asked: Asked

    @property
    def size(self) -> int:
        questions = sum(len(one.sql) + 8 * len(one.params) for one in self.asked.questions)
        return self.shell.size + questions + sum(len(str(answer)) for answer in self.asked.answers)

    def holds(self) -> bool:
        return answers_to(self.asked.questions) == self.asked.answers


VISITED = Kept(Shell("", []), Asked())  # in the place of a page that was asked for once


@dataclass(frozen=True)
class Visit:
    place: tuple  # all that the page depends on but the database
    secret: str  # of the visitor's forms


class AskedAgain:
    """A WSGI application before the ``plain`` one."""

    def __init__(self, plain: Application):
        self.plain, self.shelf = plain, Shelf(SHELF_BYTES)

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PAGE or environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return self.plain(environ, start_response)
        try:
            visit = visit_of(environ)
            kept = self.shelf.get(visit.place) if visit else None
            holds = kept not in (None, VISITED) and kept.holds()
        except (DatabaseError, InterfaceError):
            log.exception("nothing could be asked for %s", PAGE)
            return self.plain(environ, start_response)  # Django looks after its connection as it begins
        if holds:
            return kept.shell.answer({TOKEN: masked(visit.secret)}, environ, start_response)
        if kept:
            return self._make(visit, environ, start_response)
        if visit and visit.place not in self.shelf:
            start_response = self._noting(visit, start_response)
        return self.plain(environ, start_response)

    def _noting(self, visit: Visit, start_response: Callable) -> Callable:
        """Notes the visit where it is answered with a page; whatever else is asked for, there is no end of."""

        def answered(status: str, headers: Headers, *rest):
            if status == "200 OK":
                self.shelf.put(visit.place, VISITED)
            return start_response(status, headers, *rest)

        return answered

    def _make(self, visit: Visit, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        asked = Asked()
        with own_connection().execute_wrapper(asked):
            status, headers, body = answer_of(self.plain, environ)
        shell = shell_of(status, headers, body)
        self.shelf.put(visit.place, Kept(shell, asked) if shell and asked.is_all else None)
        if shell:
            return shell.answer({TOKEN: masked(visit.secret)}, environ, start_response)
        return send(start_response, status, headers, body)


def visit_of(environ: Environ) -> Visit | None:
    """None for whoever is not signed in, or has more to be told: a message that waits, for example."""
    cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
    session, secret = (cookies.get(name, "") for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME))
    if not A_SECRET.fullmatch(secret) or not cookies.keys() <= {*OF_VISITORS, settings.SESSION_COOKIE_NAME}:
        return None
    if not session_data(key=session, now=timezone.now()):
        return None
    place = place_of(environ, PAGE, cookies)
    return Visit((session, content_version(), int(time.time() // STEP), *place), secret)


def shell_of(status: str, headers: Headers, body: bytes) -> Shell | None:
    """The page with holes for the token of its forms. None where it is no page, or could not be filled again: another
    token would stand there as it is, for everybody to come."""
    if status != "200 OK" or not may_be_kept(headers, has_forms=True):
        return None
    text = body.decode()
    tokens = set(A_TOKEN.findall(text))
    if len(tokens) > 1 or HOLES.search(text):
        return None
    return Shell(A_TOKEN.sub(lambda found: found[0].replace(found[1], TOKEN), text), headers)
