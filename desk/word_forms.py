"""What an editor corrects of a Word file before it becomes a draft."""

import base64
from dataclasses import dataclass
from io import BytesIO

from django import forms
from django.core.exceptions import ValidationError
from PIL import Image, ImageOps

from courses.loader import first_message
from courses.models import LessonPage, ModulePage
from people.spreadsheets import EMPTY

from .word import MAX_BYTES, Document, Kind, Piece, paragraphs

BODY = LessonPage.body.field.stream_block
LEAVE_OUT = ""
OF_WORDS = [*(kind for kind in Kind if kind not in (Kind.TABLE, Kind.PICTURE)), "tip", "warning"]
WIDE = 360  # px of a picture on this screen
MAX_LETTERS = 5_000  # of a block


class WordForm(forms.Form):
    file = forms.FileField(
        label="Berkas Word",
        help_text=f"Satu pelajaran, disimpan sebagai .docx. Paling besar {MAX_BYTES // 2**20} MB.",
        error_messages=dict.fromkeys(("required", "invalid"), "Pilih berkasnya dulu.") | {"empty": EMPTY},
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )


@dataclass(frozen=True)
class Part:
    """One piece with the fields in which it is corrected."""

    piece: Piece
    kind: forms.BoundField
    text: forms.BoundField | None
    picture: str


class DraftForm(forms.Form):
    """``fields`` and ``body`` are what the draft is made of, once the form is valid."""

    title = forms.CharField(label="Judul pelajaran", max_length=255)
    goal = forms.CharField(
        label="Tujuan", max_length=200, help_text="Satu kalimat: apa yang bisa dilakukan sesudah pelajaran ini?"
    )
    minutes = forms.IntegerField(label="Menit", min_value=1, max_value=30, initial=5, help_text="Yang baik 3 sampai 7.")
    module = forms.ModelChoiceField(ModulePage.objects.none(), label="Masuk ke modul", empty_label="Pilih modul")

    def __init__(self, *args, document: Document, modules: list[ModulePage], **kwargs):
        super().__init__(*args, **kwargs)
        self.document, self.body = document, []
        self.fields["title"].initial = document.title[:255]
        self.fields["module"].queryset = ModulePage.objects.filter(pk__in=[module.pk for module in modules])
        for number, piece in enumerate(document.pieces):
            self._add(number, piece)
        for field in self.fields.values():
            field.error_messages["required"] = "Isi dulu bagian ini."

    def _add(self, number: int, piece: Piece) -> None:
        kinds = [piece.kind] if piece.kind in (Kind.TABLE, Kind.PICTURE) else OF_WORDS
        choices = [*((kind, BODY.child_blocks[kind].label) for kind in kinds), (LEAVE_OUT, "Jangan ikut")]
        self.fields[f"kind_{number}"] = forms.ChoiceField(
            label="Jadikan", choices=choices, initial=piece.kind, required=False
        )
        if piece.kind == Kind.PICTURE:
            self.fields[f"text_{number}"] = forms.CharField(
                label="Isi gambar dalam kata",
                help_text="Untuk orang yang tidak melihat gambarnya.",
                initial=piece.text[:255],
                max_length=255,
                required=False,
            )
        elif piece.kind != Kind.TABLE:
            rows = min(12, max(2, len(piece.text) // 70 + piece.text.count("\n") + 1))
            self.fields[f"text_{number}"] = forms.CharField(
                label="Isi",
                initial=piece.text,
                max_length=MAX_LETTERS,
                required=False,
                widget=forms.Textarea(attrs={"rows": rows}),
            )

    def parts(self) -> list[Part]:
        """The pieces in their order."""
        return [
            Part(
                piece,
                self[f"kind_{number}"],
                self[f"text_{number}"] if f"text_{number}" in self.fields else None,
                shown(self.document.pictures[piece.picture]) if piece.kind == Kind.PICTURE else "",
            )
            for number, piece in enumerate(self.document.pieces)
        ]

    def clean(self):
        chosen = super().clean()
        for number, piece in enumerate(self.document.pieces):
            kind, name = chosen.get(f"kind_{number}"), f"text_{number}"
            if kind and name not in self.errors:
                text = chosen.get(name, "").replace("\r\n", "\n")
                try:
                    self.body.append({"type": str(kind), "value": _value(kind, text, piece)})
                except ValidationError as error:
                    self.add_error(name if name in self.fields else f"kind_{number}", first_message(error))
        if not self.body and not self.errors:
            self.add_error(None, "Pilih paling sedikit satu bagian yang ikut.")
        return chosen


def _value(kind: str, text: str, piece: Piece):
    """The block's stored form. Raises ValidationError where the block's own rules refuse it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    match kind:
        case Kind.PICTURE:
            if not text.strip():
                raise ValidationError("Tulis isi gambarnya dalam kata.")
            return {"image": piece.picture, "alt_text": text.strip(), "caption": ""}
        case Kind.TABLE:
            head, *rows = piece.rows
            columns = [{"type": "text", "heading": heading} for heading in head]
            value = {"columns": columns, "rows": [{"values": list(row)} for row in rows], "caption": ""}
        case Kind.PARAGRAPH:
            is_as_it_was = piece.html and text.strip() == piece.text.strip()
            value = piece.html if is_as_it_was else paragraphs(text)
        case Kind.KEY_POINTS:
            value = lines
        case Kind.STEPS:
            value = [{"text": line, "image": None, "alt_text": ""} for line in lines]
        case Kind.HEADING:
            value = " ".join(lines)
        case _:
            value = "\n".join(lines)
    block = BODY.child_blocks[kind]
    block.clean(block.to_python(value))
    return value


def shown(picture: bytes) -> str:
    """The picture, small, as an address that holds it: nothing of it is stored yet."""
    with Image.open(BytesIO(picture)) as image:
        image.draft("RGB", (WIDE, WIDE))
        small = ImageOps.exif_transpose(image).convert("RGB")
    small.thumbnail((WIDE, WIDE))
    out = BytesIO()
    small.save(out, "WEBP", quality=70)
    return f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}"
