"""The way of a file into the tables: begun, checked in steps, and saved at one word. Until then nothing is changed."""

import logging
import re
import secrets
from collections import Counter

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from people import regions
from people.models import Learner, Region, User
from people.spreadsheets import Cell, UnreadableFile, read

from .batches import ImportBatch, ImportRow
from .fields import REPEATS
from .identity import has_identity_number, is_forbidden_column
from .rows import FORMS, RowForm, StaffRow, Writing

STEP = 1000  # rows checked by one request: about a second
MAX_STAFF = 500  # each new password takes its time to hash
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks alike
HIDDEN = "(disembunyikan)"
IDENTITY = "Ini mirip NIK, KK, atau KKS. Nomor itu tidak disimpan."
DATE = "Excel mengubah isinya menjadi tanggal. Tulis lagi sebagai teks."
NO_RESULT = "Rumus di sel ini tidak ada hasilnya. Tulis isinya saja."
LOST = "Pelajar ini dihapus, pindah, atau ganti nama sejak berkas diperiksa. Kirim lagi kalau masih perlu."
EXAMPLE = "Ini baris contoh. Boleh dihapus."
_NO_RESULT = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)|Err:[0-9]{3}")  # as Excel and LibreOffice say it

Outcome = ImportRow.Outcome
log = logging.getLogger("people.importing")


class NotChecked(ValueError):
    """Rows are waiting to be checked still."""


class Overtaken(ValueError):
    """Another file of the kind was saved while this one was judged: what is new in both would be there twice."""


def begin(kind: str, file, *, by) -> ImportBatch:
    """Takes in the rows of an uploaded file. Raises UnreadableFile; its message tells the sender why."""
    form_class = FORMS[kind]
    (_, header), *lines = read(file)
    fields, unread = _columns(form_class, header)
    rows = _rows(form_class, fields, lines)
    if not rows:
        raise UnreadableFile("Belum ada baris di bawah judul kolom.")
    if issubclass(form_class, StaffRow) and len(rows) > MAX_STAFF:
        raise UnreadableFile(f"Paling banyak {MAX_STAFF} orang sekali impor. Bagi berkasnya.")
    name = HIDDEN if has_identity_number(file.name) else file.name[:120]
    with transaction.atomic():
        ImportBatch.objects.forget_old()
        batch = ImportBatch.objects.create(kind=kind, by=by, file_name=name, unread_columns=unread)
        for row in rows:
            row.batch = batch
        ImportRow.objects.bulk_create(rows)
    return batch


def _columns(form_class: type[RowForm], header: list[Cell]) -> tuple[list[str], list[str]]:
    """The field of each column ("" where it is not read), and the names of the columns that are not."""
    names = [str(name)[:60] for name in header]
    forbidden = [name for name in names if is_forbidden_column(name)]
    if forbidden:
        raise UnreadableFile(f"Hapus kolom {', '.join(forbidden)}. NIK, KK, dan KKS tidak boleh dikumpulkan.")
    by_column = {_column(column.label): field for field, column in form_class.columns().items()}
    fields = [by_column.get(_column(name), "") for name in names]
    required = {field: column.label for field, column in form_class.columns().items() if column.required}
    missing = [label for field, label in required.items() if field not in fields]
    if missing:
        raise UnreadableFile(f"Kolom ini belum ada: {', '.join(missing)}. Pakai berkas contoh.")
    twice = {form_class.columns()[field].label for field in fields if field and fields.count(field) > 1}
    if twice:
        raise UnreadableFile(f"Kolom {', '.join(sorted(twice))} ada dua kali. Hapus salah satu.")
    return fields, [name for name, field in zip(names, fields, strict=True) if name and not field]


def _column(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _rows(form_class: type[RowForm], fields: list[str], lines: list[tuple[int, list[Cell]]]) -> list[ImportRow]:
    """The rows that say something in a column that is read. Of those with one key, all but the first are refused."""
    rows, first_of = [], {}
    for number, cells in lines:
        row = _row(form_class, number, fields, cells)
        if not any(row.cells.values()) and not row.remarks:
            continue
        key = form_class.row_key(row.cells)
        first = first_of.setdefault(key, number) if key else number
        if first != number:
            row.outcome = Outcome.REFUSED
            row.remarks = {form_class.key[0]: REPEATS.format(first)} | row.remarks
        rows.append(row)
    return rows


def _row(form_class: type[RowForm], number: int, fields: list[str], values: list[Cell]) -> ImportRow:
    """The row as it is kept: what may not be kept is hidden, and the row refused."""
    cells, remarks = {}, {}
    for place, value in enumerate(values):
        field = fields[place] if place < len(fields) else ""
        text = " ".join(str(value).split())[:400]  # pasted cells bear line ends, and spaces that nobody sees
        if has_identity_number(str(value)) or text == HIDDEN:  # it comes again with the refused rows
            text, remarks[field] = HIDDEN, IDENTITY
        elif field and not isinstance(value, str):
            remarks[field] = DATE
        elif field and _NO_RESULT.fullmatch(text):
            remarks[field] = NO_RESULT
        if field:
            cells[field] = text
    if cells and cells == {field: form_class.example()[field] for field in cells}:
        remarks[""] = EXAMPLE
    return ImportRow(
        number=number, cells=cells, remarks=remarks, outcome=Outcome.REFUSED if remarks else Outcome.WAITING
    )


def check_next(batch: ImportBatch) -> None:
    """Checks the next rows that wait. Checks nothing twice."""
    waiting = list(batch.rows.filter(outcome=Outcome.WAITING)[:STEP])
    # Only the rows before: another request may be checking these, and has just told whom they are about.
    known = batch.rows.filter(remarks__has_key="learner", number__lt=waiting[0].number if waiting else 0)
    _judge(batch, waiting, row_of=dict(known.values_list("remarks__learner", "number")))
    ImportRow.objects.bulk_update(waiting, ["outcome", "remarks"], batch_size=250)


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows there are of each outcome; "" are those that wait."""
    found = dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {outcome: found.get(outcome, 0) for outcome in Outcome.values}


def save(batch: ImportBatch, *, by) -> dict[str, str]:
    """Writes all good rows in one transaction, once; refused rows stay to be listed. Returns the temporary passwords of
    new staff by account name: they are kept nowhere but as hashes. Raises NotChecked; ImportBatch.DoesNotExist where
    the file was thrown away meanwhile; Overtaken, IntegrityError, ValidationError or ObjectDoesNotExist where somebody
    else wrote the same, or erased whom it is about, at the same moment."""
    saved_before = _saved(batch.kind)
    rows = list(batch.rows.exclude(outcome=Outcome.REFUSED))
    if any(row.outcome == Outcome.WAITING for row in rows):
        raise NotChecked
    # All that takes long is done before the tables are held: judging again, and hashing.
    row_of = {}
    writings = [one for at in range(0, len(rows), STEP) for one in _judge(batch, rows[at : at + STEP], row_of)]
    passwords = {}
    if issubclass(FORMS[batch.kind], StaffRow):
        for writing in (one for one in writings if one.stored is None):
            passwords[writing.values["username"]] = password = temporary_password()
            writing.password = make_password(password)
    return passwords if _write(batch, rows, writings, saved_before, by) else {}


def _saved(kind: str) -> set[int]:
    return set(ImportBatch.objects.filter(kind=kind).exclude(saved_at=None).values_list("pk", flat=True))


@transaction.atomic
def _write(batch: ImportBatch, rows: list[ImportRow], writings: list[Writing], saved_before: set[int], by) -> bool:
    # All of the kind are held, so that one is written after the other. Who comes second judges its rows anew.
    of_kind = ImportBatch.objects.select_for_update().filter(kind=batch.kind).order_by("pk")
    if batch.pk not in set(of_kind.values_list("pk", flat=True)):
        raise ImportBatch.DoesNotExist
    saved = _saved(batch.kind)
    if batch.pk in saved:
        return False
    if saved - saved_before:
        raise Overtaken
    # A file has an order of its own. All at once: whoever is written later would be held after the households of those
    # before her.
    writings = sorted(writings, key=lambda one: one.stored.pk if one.stored else 0)
    _keep_villages(writings)
    FORMS[batch.kind].write(writings, by=by)
    refused_now = [row for row in rows if row.outcome == Outcome.REFUSED]
    ImportRow.objects.bulk_update(refused_now, ["outcome", "remarks"], batch_size=250)
    batch.rows.exclude(outcome=Outcome.REFUSED).delete()
    batch.saved = dict(Counter(str(row.outcome) for row in rows))
    log.info("import %s of %s by user %s: %s", batch.pk, batch.kind, by.pk, batch.saved)
    if names := [one.values["username"] for one in writings if one.password]:
        batch.saved["accounts"] = list(User.objects.filter(username__in=names).values_list("pk", flat=True))
    batch.saved_at = timezone.now()
    batch.save(update_fields=["saved", "saved_at"])
    return True


def never_signed_in(batch: ImportBatch) -> QuerySet[User]:
    """New staff of a saved file whose temporary password has opened nothing yet."""
    return User.objects.filter(pk__in=batch.saved.get("accounts", []), last_login=None)


def renew_passwords(batch: ImportBatch, *, by) -> dict[str, str]:
    """Other temporary passwords for new staff who never signed in, told once as those of ``save``: an answer can be
    lost on its way."""
    made = [(user, temporary_password()) for user in never_signed_in(batch).order_by("pk")]
    hashed = [make_password(password) for _, password in made]
    passwords = {}
    with transaction.atomic():
        for (user, password), hash_ in zip(made, hashed, strict=True):
            # Only over the password that was read: of two who ask at once one is told, and what she is told holds.
            still = never_signed_in(batch).filter(pk=user.pk, password=user.password)
            if still.update(password=hash_, must_choose_password=True):
                passwords[user.username] = password
    log.info("%s new passwords for import %s by user %s", len(passwords), batch.pk, by.pk)
    return passwords


def _keep_villages(writings: list[Writing]) -> None:
    """Villages are stored when they are first spoken of, all of their district at once."""
    codes = {writing.values.get("region_id") or writing.values.get("scope_region_id") for writing in writings} - {None}
    missing = codes - set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
    districts = sorted({code.rpartition(".")[0] for code in missing})
    if districts:
        Region.objects.keep(place for district in districts for place in regions.villages(district))


def temporary_password() -> str:
    """14 random characters, 69 bits, in a form that can be read out."""
    return "".join(secrets.choice(LEGIBLE) for _ in range(14))


def _judge(batch: ImportBatch, rows: list[ImportRow], row_of: dict[int, int]) -> list[Writing]:
    """Sets outcome and remarks of each row; returns what there is to write of the good ones. ``row_of`` tells which row
    before is about which learner, and is told of these."""
    form_class = FORMS[batch.kind]
    facts = form_class.facts_for([row.cells for row in rows])
    facts.row_of = row_of
    writings = []
    for row in rows:
        form = form_class(row.cells, facts)
        known = row.remarks.get("learner")  # whom the list has shown as there: nobody is made in her place
        if known and form.is_valid() and known != getattr(form.stored, "pk", None):
            form.add_error(None, LOST)
        if form.is_valid():
            writings.append(writing := form.writing())
            row.outcome, row.remarks = _outcome(form_class, writing)
            if isinstance(writing.stored, Learner):
                row_of[writing.stored.pk] = row.number
                row.remarks["learner"] = writing.stored.pk
        else:
            row.outcome = Outcome.REFUSED
            row.remarks = {name: errors[0] for name, errors in form.errors.items()}
    return writings


def _outcome(form_class: type[RowForm], writing: Writing) -> tuple[str, dict[str, str]]:
    if writing.stored is None:
        return Outcome.NEW, {}
    if not writing.changed:
        return Outcome.SAME, {}
    before = form_class.as_texts(form_class.current(writing.stored))
    return Outcome.CHANGED, {name: f"Tadinya: {before[name] or 'kosong'}" for name in writing.changed}
