"""Our findings in Wagtail's own content checker. The preview bears a mark for each; here axe learns to see them."""

from wagtail.admin.userbar import ContentCheckerItem

from courses.checks import Kind

from .findings import KIND_WORDS


def _rule(kind: Kind) -> str:
    return f"pena-{kind}"


class LessonChecker(ContentCheckerItem):
    axe_run_only = [*ContentCheckerItem.axe_run_only, *map(_rule, Kind)]
    axe_custom_rules = [
        *ContentCheckerItem.axe_custom_rules,
        *(
            {
                "id": _rule(kind),
                "impact": "serious",
                "selector": f'[data-finding="{kind}"]',
                "excludeHidden": False,  # the marks are not for learners' eyes
                "tags": ["best-practice"],
                "none": ["pena-mark"],
                "enabled": True,
            }
            for kind in Kind
        ),
    ]
    axe_custom_checks = [
        *ContentCheckerItem.axe_custom_checks,
        {"id": "pena-mark", "evaluate": "matches-definition-evaluate", "options": {"matcher": "[data-finding]"}},
    ]
    axe_messages = ContentCheckerItem.axe_messages | {
        _rule(kind): {"error_name": words, "help_text": "Di mana, dan apa yang bisa dilakukan: lihat daftar di atas."}
        for kind, words in KIND_WORDS.items()
    }
