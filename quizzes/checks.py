"""What is checked in a quiz before it is published. Pure; what the findings are like stands in ``courses.checks``."""

from dataclasses import dataclass

from courses.checks import Finding, Kind, Severity, Text, reading_findings

MIN_QUESTIONS = 5


@dataclass(frozen=True)
class QuestionWords:
    """``place`` is the question's content path, such as ``questions.<id>``."""

    place: str
    question: str
    explanation: str
    lesson_is_live: bool | None = None  # None: it names no lesson
    lesson_is_own: bool = True


def quiz_findings(questions: tuple[QuestionWords, ...]) -> list[Finding]:
    found = list(
        reading_findings(
            tuple(
                Text(f"{question.place}.{field}", words)
                for question in questions
                for field, words in (("question", question.question), ("explanation", question.explanation))
                if words.strip()
            )
        )
    )
    if not questions:
        sentence = "Kuis ini belum punya soal. Tulis soal pertama."
        found.append(Finding(Kind.FEW_QUESTIONS, Severity.BLOCKING, "questions", sentence))
    elif len(questions) < MIN_QUESTIONS:
        sentence = f"Kuis ini baru {len(questions)} soal. Tulis {MIN_QUESTIONS} soal atau lebih."
        found.append(Finding(Kind.FEW_QUESTIONS, Severity.WARNING, "questions", sentence))
    for number, question in enumerate(questions, start=1):
        if not question.explanation.strip():
            sentence = f"Soal {number} belum punya penjelasan. Tulis satu kalimat: kenapa jawabannya begitu?"
            found.append(Finding(Kind.NO_EXPLANATION, Severity.WARNING, f"{question.place}.explanation", sentence))
        if question.lesson_is_live is False:
            sentence = f"Soal {number} menunjuk pelajaran yang tidak terbit. Pilih pelajaran lain."
            found.append(Finding(Kind.DEAD_LINK, Severity.WARNING, f"{question.place}.lesson", sentence))
        elif not question.lesson_is_own:
            sentence = f"Soal {number} menunjuk pelajaran dari modul lain. Pilih pelajaran modul ini."
            found.append(Finding(Kind.OTHER_MODULE, Severity.WARNING, f"{question.place}.lesson", sentence))
    return found
