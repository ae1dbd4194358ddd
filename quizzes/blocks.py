"""The six kinds of question, as an editor writes them. ``to_question`` gives what the rules judge."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from wagtail import blocks

from .rules import FALSE, TRUE, Kind, Question


class QuestionBlock(blocks.StructBlock):
    """What all questions share. Subclasses set ``kind`` and build the right response."""

    kind: Kind

    question = blocks.TextBlock(label="Soal", rows=2, help_text="Satu kalimat tanya, dengan kata-kata dari pelajaran.")

    def clean(self, value):
        value = super().clean(value)
        if not self.is_deferred_validation:
            self.refuse_unfinished(value)
        return value

    def refuse_unfinished(self, value) -> None:
        """Raises StructBlockValidationError where nobody could answer it yet. A draft may be saved so."""

    def to_question(self, id: str, value) -> Question:
        raise NotImplementedError


class ClosingBlock(blocks.StructBlock):
    """The end of each question; a mixin."""

    explanation = blocks.TextBlock(label="Penjelasan", rows=2, help_text="Satu kalimat: kenapa jawabannya begitu?")
    lesson = blocks.PageChooserBlock(
        page_type="courses.LessonPage", label="Dari pelajaran", required=False, help_text="Untuk «Baca lagi»."
    )

    def get_form_layout(self):
        """What explains a question stands after it and its answer."""
        own = [name for name in self.child_blocks if name not in ClosingBlock.base_blocks]
        return blocks.BlockGroup([*own, *ClosingBlock.base_blocks])

    class Meta:
        template = "quizzes/blocks/question.html"


def refuse_twins(name: str, texts: list[str]) -> None:
    """Raises the block's error where two texts read alike: a learner could not tell the right one."""
    if len({text.strip().casefold() for text in texts}) < len(texts):
        raise blocks.StructBlockValidationError({name: ValidationError("Ada dua isi yang sama. Bedakan kata-katanya.")})


class ChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock(label="Pilihan", help_text="Pendek, dan masuk akal walau keliru.")
    correct = blocks.BooleanBlock(label="Benar", required=False, help_text="Tandai bila pilihan ini benar.")


class ChoiceQuestionBlock(QuestionBlock):
    choices = blocks.ListBlock(
        ChoiceBlock(), label="Pilihan", min_num=2, max_num=6, help_text="Urutannya diacak saat tampil."
    )

    def to_question(self, id, value):
        choices = value["choices"].bound_blocks
        return Question(
            id=id,
            kind=self.kind,
            options=tuple(choice.id for choice in choices),
            key=tuple(choice.id for choice in choices if choice.value["correct"]),
        )

    def refuse_unfinished(self, value):
        error = self.count_error(sum(choice["correct"] for choice in value["choices"]), len(value["choices"]))
        if error:
            raise blocks.StructBlockValidationError({"choices": ValidationError(error)})
        refuse_twins("choices", [choice["text"] for choice in value["choices"]])

    def count_error(self, correct: int, total: int) -> str | None:
        raise NotImplementedError


class SingleChoiceBlock(ClosingBlock, ChoiceQuestionBlock):
    kind = Kind.SINGLE_CHOICE

    def count_error(self, correct, total):
        return None if correct == 1 else "Tandai tepat satu pilihan benar."

    class Meta:
        icon = "radio-empty"
        label = "Pilih satu"
        description = "Satu jawaban benar dari dua sampai enam pilihan."
        preview_value = {
            "question": "Nama mana yang khas?",
            "choices": [{"text": "Keripik"}, {"text": "Singkong Mbok Sari", "correct": True}],
        }


class MultiSelectBlock(ClosingBlock, ChoiceQuestionBlock):
    kind = Kind.MULTI_SELECT

    def count_error(self, correct, total):
        return None if 2 <= correct < total else "Tandai dua pilihan benar atau lebih, dan sisakan yang salah."

    class Meta:
        icon = "tick-inverse"
        label = "Pilih beberapa"
        description = "Dua jawaban benar atau lebih. Tulis «Pilih semua yang benar.»"
        preview_value = {
            "question": "Ciri nama yang baik? Pilih semua yang benar.",
            "choices": [{"text": "Pendek", "correct": True}, {"text": "Khas", "correct": True}, {"text": "Meniru"}],
        }


class TrueFalseBlock(ClosingBlock, QuestionBlock):
    kind = Kind.TRUE_FALSE

    correct = blocks.BooleanBlock(
        label="Pernyataan ini benar", required=False, help_text="Tandai bila benar. Kosongkan bila salah."
    )

    def to_question(self, id, value):
        return Question(id=id, kind=self.kind, options=(TRUE, FALSE), key=(TRUE if value["correct"] else FALSE,))

    class Meta:
        icon = "check"
        label = "Benar atau salah"
        description = "Satu pernyataan, benar atau salah."
        preview_value = {"question": "Merek adalah janji.", "correct": True}


class OrderingBlock(ClosingBlock, QuestionBlock):
    kind = Kind.ORDERING

    items = blocks.ListBlock(
        blocks.CharBlock(label="Isi"),
        label="Urutan yang benar",
        min_num=3,
        max_num=6,
        help_text="Tulis urut dari yang pertama. Kami mengacaknya saat tampil.",
    )

    def refuse_unfinished(self, value):
        refuse_twins("items", list(value["items"]))

    def to_question(self, id, value):
        items = tuple(item.id for item in value["items"].bound_blocks)
        return Question(id=id, kind=self.kind, options=items, key=items)

    class Meta:
        icon = "list-ol"
        label = "Urutkan"
        description = "Tiga sampai enam langkah untuk diurutkan."
        preview_value = {"question": "Urutkan.", "items": ["Pilih nama", "Cek nama", "Daftar"]}


class PairBlock(blocks.StructBlock):
    left = blocks.CharBlock(label="Kiri", help_text="Satu kata atau benda.")
    right = blocks.CharBlock(label="Pasangannya", help_text="Artinya, berbeda dari pasangan lain.")


class MatchingBlock(ClosingBlock, QuestionBlock):
    kind = Kind.MATCHING

    pairs = blocks.ListBlock(
        PairBlock(),
        label="Pasangan yang benar",
        min_num=2,
        max_num=6,
        help_text="Tulis pasangan yang benar. Sisi kanan kami acak saat tampil.",
    )

    def refuse_unfinished(self, value):
        refuse_twins("pairs", [pair["right"] for pair in value["pairs"]])

    def to_question(self, id, value):
        pairs = tuple(pair.id for pair in value["pairs"].bound_blocks)
        return Question(id=id, kind=self.kind, options=pairs, targets=pairs, key=pairs)

    class Meta:
        icon = "link"
        label = "Pasangkan"
        description = "Dua sampai enam pasang kata dan artinya."
        preview_value = {
            "question": "Pasangkan.",
            "pairs": [{"left": "HPP", "right": "Modal satu barang"}, {"left": "Kas", "right": "Catatan uang"}],
        }


class NumericBlock(ClosingBlock, QuestionBlock):
    kind = Kind.NUMERIC

    answer = blocks.DecimalBlock(label="Jawaban", help_text="Angkanya saja, misalnya 7500.")
    tolerance = blocks.DecimalBlock(
        label="Boleh meleset",
        default=Decimal(0),
        min_value=0,
        help_text="0: harus tepat. 100: boleh lebih atau kurang 100.",
    )
    unit = blocks.CharBlock(label="Satuan", required=False, help_text="Misalnya rupiah, bungkus, hari.")

    def to_question(self, id, value):
        key = () if value["answer"] is None else (str(value["answer"]),)  # a draft may lack both numbers
        return Question(id=id, kind=self.kind, key=key, tolerance=Decimal(value["tolerance"] or 0))

    class Meta:
        icon = "decimal"
        label = "Angka"
        description = "Hitungan pendek. «Rp7.500», «7.500» dan «7,5rb» dibaca sama."
        preview_value = {"question": "Rp100.000 dibagi 20 bungkus?", "answer": 5000, "tolerance": 0, "unit": "rupiah"}


class QuestionsBlock(blocks.StreamBlock):
    """All questions of a quiz. Each block's id is the question's id for ever."""

    single_choice = SingleChoiceBlock()
    multi_select = MultiSelectBlock()
    true_false = TrueFalseBlock()
    ordering = OrderingBlock()
    matching = MatchingBlock()
    numeric = NumericBlock()
