from django import template

from quizzes import statistics
from quizzes.item_analysis import ENOUGH
from quizzes.models import QuizPage
from quizzes.statistics import QuestionNumbers

register = template.Library()


@register.simple_tag
def question_numbers(quiz: QuizPage) -> list[QuestionNumbers]:
    """What the answers so far tell of each question of ``quiz`` as it stands in this draft."""
    return statistics.numbers([quiz])[quiz.translation_key]


@register.simple_tag
def enough_answers() -> int:
    """From how many first answers on the numbers are shown."""
    return ENOUGH


@register.filter
def percent(share: float) -> int:
    """A share from 0 to 1 in whole percent."""
    return round(share * 100)
