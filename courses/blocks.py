"""The blocks of a lesson. Each says to the editor in one sentence what good looks like, and shows an example."""

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from .figures import Figure
from .html import FIGURE_TOKEN
from .illustrations import DrawingSelect, Illustration, choices, illustrations


class FigureTextBlock(blocks.TextBlock):
    """Plain text in which ``{slug}`` stands for a Figure."""

    def __init__(self, required=True, help_text=None, rows=2, **kwargs):
        super().__init__(required=required, help_text=help_text, rows=rows, **kwargs)

    def clean(self, value):
        """Raises ValidationError where a ``{slug}`` names no figure."""
        value = super().clean(value)
        check_figures(value)
        return value

    class Meta:
        template = "courses/blocks/text.html"


class FigureParagraphBlock(blocks.RichTextBlock):
    """A paragraph in which ``{slug}`` stands for a Figure."""

    def clean(self, value):
        """Raises ValidationError where a ``{slug}`` names no figure."""
        value = super().clean(value)
        check_figures(value.source)
        return value


def check_figures(text: str) -> None:
    """Raises ValidationError for the first ``{slug}`` that names no figure."""
    slugs = set(FIGURE_TOKEN.findall(text))
    unknown = slugs - set(Figure.objects.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else ()
    if unknown:
        raise ValidationError(f"Angka {{{min(unknown)}}} belum ada. Buat dulu di «Angka yang bisa berubah».")


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label="Gambar", help_text="Foto yang terang dan dekat, lebarnya 720 piksel atau lebih.")
    alt_text = blocks.CharBlock(label="Isi gambar dalam kata", help_text="Untuk orang yang tidak melihat gambarnya.")
    caption = blocks.CharBlock(
        label="Keterangan", required=False, help_text="Boleh kosong. Satu kalimat: apa yang perlu diperhatikan?"
    )

    class Meta:
        icon = "image"
        label = "Gambar"
        template = "courses/blocks/picture.html"
        description = "Satu gambar yang mengajar, bukan hiasan."


class IllustrationValue(blocks.StructValue):
    @property
    def drawing(self) -> Illustration | None:
        """None where a later release of the product no longer has it."""
        return illustrations().get(self["name"])


class IllustrationBlock(blocks.StructBlock):
    name = blocks.ChoiceBlock(
        label="Ilustrasi", choices=choices, widget=DrawingSelect, help_text="Pilih yang menunjukkan butir di atasnya."
    )
    alt_text = blocks.CharBlock(
        label="Isi gambar dalam kata", help_text="Apa yang diajarkan gambar ini? Satu atau dua kalimat."
    )
    caption = blocks.CharBlock(
        label="Keterangan", required=False, help_text="Boleh kosong. Satu kalimat: apa yang perlu diperhatikan?"
    )

    class Meta:
        icon = "image"
        label = "Ilustrasi"
        template = "courses/blocks/illustration.html"
        description = "Gambar dari Belajar PENA. Letakkan tepat di bawah butir atau contoh yang dijelaskannya."
        value_class = IllustrationValue
        preview_value = {
            "name": "dua-bungkus",
            "alt_text": "Bungkus polos dan bungkus bermerek. Pembeli menunjuk yang bermerek.",
            "caption": "Pembeli lebih mudah ingat yang bermerek.",
        }


class ExampleBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Judul", default="Contoh", help_text="Cukup «Contoh», atau nama usahanya.")
    text = FigureTextBlock(
        label="Isi", rows=3, help_text="Dua atau tiga kalimat: siapa, apa yang dilakukan, apa hasilnya."
    )

    class Meta:
        icon = "openquote"
        label = "Contoh"
        template = "courses/blocks/example.html"
        description = "Cerita pendek dari usaha yang dekat dengan keluarga."
        preview_value = {"title": "Contoh", "text": "Bu Sari memilih nama «Singkong Mbok Sari»."}


class StepBlock(blocks.StructBlock):
    text = FigureTextBlock(label="Langkah", help_text="Satu kalimat, mulai dengan kata kerja.")
    image = ImageChooserBlock(
        label="Gambar", required=False, help_text="Boleh kosong. Gambar yang menunjukkan langkah ini."
    )
    alt_text = blocks.CharBlock(
        label="Isi gambar dalam kata", required=False, help_text="Wajib bila ada gambar: apa yang terlihat?"
    )

    def clean(self, value):
        value = super().clean(value)
        if value["image"] and not value["alt_text"] and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError({"alt_text": ValidationError("Tulis isi gambarnya dalam kata.")})
        return value


class RecordingBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Judul", help_text="Beberapa kata: apa yang akan didengar atau dilihat?")
    transcript = blocks.TextBlock(label="Isi dalam kata", help_text="Untuk orang yang membaca, atau tanpa suara.")


class AudioBlock(RecordingBlock):
    media = AudioChooserBlock(label="Suara", help_text="Rekam di tempat sepi, satu suara, paling lama satu menit.")

    class Meta:
        icon = "media"
        label = "Suara"
        template = "courses/blocks/audio.html"
        description = "Rekaman suara manusia, paling lama satu menit."


class VideoBlock(RecordingBlock):
    media = VideoChooserBlock(label="Video", help_text="Di bawah 10 MB, paling lama satu menit.")

    class Meta:
        icon = "media"
        label = "Video"
        template = "courses/blocks/video.html"
        description = "Video pendek. Selalu pilihan, tidak pernah wajib: kuota keluarga terbatas."


class QuickCheckChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock(label="Pilihan", help_text="Pendek, dan masuk akal walau keliru.")
    correct = blocks.BooleanBlock(label="Ini yang benar", required=False, help_text="Tandai tepat satu pilihan.")
    feedback = blocks.CharBlock(label="Tanggapan", help_text="Muncul saat dipilih. Satu kalimat, ramah.")


class QuickCheckBlock(blocks.StructBlock):
    question = blocks.CharBlock(label="Pertanyaan", help_text="Satu kalimat tentang pelajaran ini saja.")
    choices = blocks.ListBlock(QuickCheckChoiceBlock(), label="Pilihan", min_num=2, max_num=4)
    explanation = blocks.CharBlock(
        label="Penjelasan", required=False, help_text="Boleh kosong. Satu kalimat sesudah jawaban benar."
    )

    def clean(self, value):
        value = super().clean(value)
        if sum(choice["correct"] for choice in value["choices"]) != 1 and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError({"choices": ValidationError("Tandai tepat satu pilihan benar.")})
        return value

    class Meta:
        icon = "help"
        label = "Cek paham"
        template = "courses/blocks/quick_check.html"
        description = "Satu pertanyaan ringan tanpa nilai, dijawab di tempat."
        preview_value = {
            "question": "Nama mana yang khas?",
            "choices": [
                {"text": "Keripik", "correct": False, "feedback": "Belum tepat. Itu kata umum."},
                {"text": "Singkong Mbok Sari", "correct": True, "feedback": "Betul. Nama itu khas."},
            ],
        }


class LessonBody(blocks.StreamBlock):
    key_points = blocks.ListBlock(
        FigureTextBlock(label="Butir"),
        icon="list-ol",
        label="Inti",
        min_num=1,
        template="courses/blocks/key_points.html",
        description="Empat sampai enam butir. Satu pikiran satu butir, paling banyak 15 kata sekalimat.",
        preview_value=["Nama pendek lebih baik.", "Nama mudah dibaca dan diucap."],
    )
    heading = blocks.CharBlock(
        icon="title",
        label="Judul bagian",
        template="courses/blocks/heading.html",
        description="Judul pendek untuk memisahkan bagian.",
        preview_value="Memilih nama",
    )
    paragraph = FigureParagraphBlock(
        icon="pilcrow",
        label="Paragraf",
        features=["bold", "italic", "link", "ol", "ul"],
        template="courses/blocks/paragraph.html",
        description="Dua atau tiga kalimat pendek.",
        preview_value="<p>Merek adalah tanda pengenal usaha.</p>",
    )
    picture = PictureBlock()
    illustration = IllustrationBlock()
    example = ExampleBlock()
    tip = FigureTextBlock(
        icon="pick",
        label="Tips",
        template="courses/blocks/tip.html",
        description="Satu saran praktis yang bisa langsung dicoba.",
        preview_value="Sebut nama ke 5 orang. Besok tanya lagi.",
    )
    warning = FigureTextBlock(
        icon="warning",
        label="Hati-hati",
        template="courses/blocks/warning.html",
        description="Satu bahaya dan cara menghindarinya.",
        preview_value="Jangan meniru merek terkenal.",
    )
    steps = blocks.ListBlock(
        StepBlock(),
        icon="list-ol",
        label="Langkah",
        min_num=2,
        template="courses/blocks/steps.html",
        description="Urutan kerja. Satu langkah satu kalimat, boleh dengan gambar.",
        preview_value=[{"text": "Pilih nama."}, {"text": "Cek nama itu."}],
    )
    table = TypedTableBlock(
        [("text", blocks.CharBlock(label="Teks", required=False))],
        icon="table",
        label="Tabel",
        template="courses/blocks/table.html",
        description="Tabel kecil: paling banyak lima kolom, supaya terbaca di HP.",
        preview_value={
            "columns": [{"type": "text", "heading": "Biaya"}, {"type": "text", "heading": "Jumlah"}],
            "rows": [{"values": ["Singkong", "Rp30.000"]}, {"values": ["Gas", "Rp5.000"]}],
            "caption": "Biaya",
        },
    )
    voice = AudioChooserBlock(
        icon="media",
        label="Suara untuk bagian di bawahnya",
        template="courses/blocks/voice.html",
        description="Rekaman yang membacakan satu bagian, misalnya inti atau contoh. Letakkan tepat di atasnya.",
    )
    audio = AudioBlock()
    video = VideoBlock()
    quick_check = QuickCheckBlock()
    figure = SnippetChooserBlock(
        Figure,
        icon="decimal",
        label="Angka yang bisa berubah",
        template="courses/blocks/figure.html",
        description="Angka dengan tanggal dan sumbernya, berubah di semua pelajaran sekaligus.",
    )


# What a practice task can be shown with: its word, and the icon beside it.
EVIDENCE = {
    "photo": ("Foto", "camera"),
    "note": ("Catatan", "pencil"),
    "number": ("Angka", "hash"),
    "voice": ("Suara", "mic"),
}


class PracticeTaskBlock(blocks.StructBlock):
    instruction = blocks.TextBlock(
        label="Tugas", rows=3, help_text="Apa yang dikerjakan di rumah? Mulai dengan kata kerja."
    )
    evidence = blocks.MultipleChoiceBlock(
        label="Bukti",
        choices=[(code, word) for code, (word, _) in EVIDENCE.items()],
        help_text="Pilih yang bisa dibuat dengan HP biasa.",
    )
    unit = blocks.CharBlock(
        label="Satuan angkanya", required=False, default="rupiah", help_text="«rupiah», atau kosong bila bukan uang."
    )

    def clean(self, value):
        """Raises StructBlockValidationError where a ``{slug}`` of the task names no figure."""
        value = super().clean(value)
        try:
            check_figures(value["instruction"])
        except ValidationError as error:
            raise blocks.StructBlockValidationError({"instruction": error}) from error
        return value

    class Meta:
        icon = "edit"
        label = "Praktik di rumah"
        template = "courses/blocks/practice.html"
        description = "Satu tugas kecil yang dikerjakan di rumah, dan buktinya."
        preview_value = {"instruction": "Tulis 3 calon nama. Sebut ke 5 orang.", "evidence": ["note"]}
