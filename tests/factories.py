"""Makes people for tests, through the same verbs as the product. Content comes from content/, loaded once a session."""

from datetime import timedelta
from functools import cache
from io import BytesIO
from itertools import count

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db.models import F
from PIL import Image

from badges.consequences import answer_practice
from badges.models import Badge
from courses.models import Figure, LessonPage, ModulePage, Picture, Recording
from learn import intake
from people.models import (
    Companion,
    Companionship,
    Consent,
    Coordinator,
    Household,
    HouseholdGroup,
    Learner,
    Region,
    User,
)
from practice.models import Evidence, Feedback, PracticeSubmission
from progress.facts import outline
from progress.models import ModuleProgress
from quizzes.models import AskedQuestion, Attempt, QuizPage
from quizzes.rules import FALSE, TRUE, Kind, Response

PIN = "274951"
PASSWORD = "cukup-panjang-sekali"
A_DAY = timedelta(days=1)
_number = count(1)


def region(code: str = "36.71", name: str = "Kota Tangerang", level: str = "regency") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": name, "level": level})[0]


@cache
def _stored(secret: str, hashers: tuple[str, ...]) -> str:
    """What the table holds for the secret. Hashing is slow on purpose and was two fifths of what many tests took, so
    all who share a secret here share its hash too: as real as the verbs' own, and people sign in with it."""
    return make_password(secret)


def _give(user: User, secret: str) -> User:
    user.password = _stored(secret, tuple(settings.PASSWORD_HASHERS))
    user.save(update_fields=["password"])
    return user


def staff(group: str = "") -> User:
    user = _give(User.objects.create_user(f"staf.{next(_number)}", first_name="Staf"), PASSWORD)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def administrator(username: str = "admin.uji", **fields) -> User:
    return _give(User.objects.create_superuser(username, **fields), PASSWORD)


def companion() -> Companion:
    return Companion.objects.create(user=staff())


def coordinator(scope: Region) -> Coordinator:
    return Coordinator.objects.create(user=staff(), scope_region=scope)


def group(place: Region | None = None) -> HouseholdGroup:
    return HouseholdGroup.objects.create(name=f"Kelompok {next(_number)}", region=place or region())


def household(
    by: Companion | None = None, *, place: Region | None = None, in_group: HouseholdGroup | None = None
) -> Household:
    """A household, accompanied by ``by`` where given."""
    made = Household.objects.create(name=f"Keluarga {next(_number):04}", region=place or region(), group=in_group)
    if by:
        Companionship.objects.create(household=made, companion=by)
    return made


def learner(home: Household | None = None, **fields) -> Learner:
    fields = {"first_name": "Sari", "last_name": "Wulandari", "address_form": "ibu", "pin": PIN} | fields
    pin = fields.pop("pin")
    made = Learner.objects.enrol(home or household(), **fields)
    if pin:
        _give(made.user, pin)
    Consent.objects.give(made, method=Consent.Method.OWN_PHONE, by=made.user)
    return made


def module(slug: str = "merek") -> ModulePage:
    return ModulePage.objects.original().get(slug=slug)


def quiz(slug: str = "merek") -> QuizPage:
    return QuizPage.objects.child_of(module(slug)).get()


def badge(slug: str = "merek") -> Badge:
    """The badge of one module."""
    return Badge.objects.get(is_path=False, required_modules__module__slug=slug)


def lessons(slug: str = "merek") -> list[LessonPage]:
    return list(module(slug).live_lessons())


def figure_in_task(lesson: LessonPage) -> Figure:
    """One that the practice task of the published lesson names."""
    figure = Figure.objects.first()
    lesson.practice[0].value["instruction"] = f"Bayar {{{figure.slug}}}. Tulis hasilnya."
    lesson.save_revision().publish()
    return figure


def read(person: Learner, slug: str = "merek") -> None:
    """Says «Sudah paham» to every lesson, all at once, as a phone sends them."""
    content, module_key = outline(pages=False), module(slug).translation_key
    intake.take_work(person, content, lessons=dict.fromkeys(content.modules[module_key].lessons, module_key))


def moved_back(person: Learner, days: float) -> None:
    """As if the learner had done everything so many days earlier, and been given her tasks then."""
    ago = timedelta(days=days)
    person.completions.update(completed_at=F("completed_at") - ago)
    person.quiz_openings.update(opened_at=F("opened_at") - ago)
    person.attempts.update(started_at=F("started_at") - ago, submitted_at=F("submitted_at") - ago)
    person.household.assignments.update(assigned_at=F("assigned_at") - ago)
    Learner.objects.filter(pk=person.pk).update(phone_last_sent_at=F("phone_last_sent_at") - ago)
    person.practices.update(handed_in_at=F("handed_in_at") - ago)
    Feedback.objects.filter(submission__learner=person).update(given_at=F("given_at") - ago)
    modules = list(person.module_progress.values_list("module_key", flat=True))
    ModuleProgress.objects.refresh([person.pk], modules)


def wrong(asked: AskedQuestion) -> Response:
    """A possible response that is not the right one."""
    rule = asked.rule
    match rule.kind:
        case Kind.SINGLE_CHOICE:
            return (next(id for id in rule.options if id not in rule.key),)
        case Kind.MULTI_SELECT:
            return rule.key[:1]
        case Kind.TRUE_FALSE:
            return (FALSE if rule.key == (TRUE,) else TRUE,)
        case Kind.NUMERIC:
            return (str(int(float(rule.key[0])) + 100_001),)
        case _:
            return rule.key[::-1]


def answered(person: Learner, slug: str = "merek", *, right: int | None = None) -> Attempt:
    """An attempt with every question answered, the first ``right`` of them rightly (all unless given)."""
    attempt = intake.begin_attempt(person, quiz(slug))
    for number, asked in enumerate(attempt.asked):
        is_right = right is None or number < right
        intake.answer(attempt, asked.id, asked.rule.key if is_right else wrong(asked))
    return attempt


def tried(person: Learner, slug: str = "merek", *, right: int | None = None) -> Attempt:
    """As ``answered``, handed in and judged."""
    attempt = answered(person, slug, right=right)
    intake.submit_attempt(attempt)
    attempt.refresh_from_db()
    return attempt


def finished(person: Learner, *slugs: str) -> None:
    """Takes the learner through the modules, one after the other: every lesson, then the quiz."""
    for slug in slugs:
        read(person, slug)
        tried(person, slug)


def photo(person: Learner) -> Evidence:
    """A photo of hers that has arrived."""
    return Evidence.objects.store(person, Evidence.Kind.PHOTO, image_file(40, 30, kind="WEBP").read())


def voice(person: Learner) -> Evidence:
    """A recording that has arrived, hers or for her. Nobody listens to it here."""
    return Evidence.objects.store(person, Evidence.Kind.VOICE, b"suara")


def practised(person: Learner, slug: str = "merek", number: int = 0, **sent) -> PracticeSubmission:
    """The practice of the module's lesson of that number, handed in."""
    return intake.hand_in_practice(person, lessons(slug)[number].translation_key, **{"note": "Sudah dicoba."} | sent)[0]


def feedback(
    submission: PracticeSubmission, by: Companion, verdict: Feedback.Verdict = Feedback.Verdict.RIGHT, **said
) -> Feedback:
    words = {"praise": "Fotonya jelas.", "suggestion": "Coba dari dekat."}
    return answer_practice(submission, verdict, by=by.user, **words | said)[0]


def image_file(width: int = 900, height: int = 600, *, mode: str = "RGB", kind: str = "JPEG", **saved) -> ContentFile:
    """A picture as a phone or a camera writes it; ``saved`` goes to Pillow, such as ``exif``."""
    out = BytesIO()
    Image.new(mode, (width, height)).save(out, kind, **saved)
    return ContentFile(out.getvalue(), f"foto-{next(_number)}.{kind.lower()}")


def picture(file: ContentFile | None = None) -> Picture:
    """An editor's picture."""
    return Picture.objects.create(title="Keripik", file=file or image_file())


def recording(kind: str = "audio", data: bytes = b"." * 1000) -> Recording:
    """An editor's recording. Nobody listens to it here."""
    name = f"rekaman-{next(_number)}.{'mp3' if kind == 'audio' else 'mp4'}"
    return Recording.objects.create(type=kind, title="Rekaman", duration=30, file=ContentFile(data, name))
