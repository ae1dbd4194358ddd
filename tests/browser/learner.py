"""What a learner does with her thumbs, and without JavaScript; she knows the answers from the lesson files."""

from pathlib import Path

import yaml
from playwright.sync_api import Locator, Page

CONTENT = Path(__file__).resolve().parents[2] / "content"


def press(button: Locator) -> None:
    """A click, and the page that it leads to."""
    with button.page.expect_navigation():
        button.click()


def key_of(module_file: str) -> dict[str, dict]:
    """The questions of a module file by their text."""
    questions = yaml.safe_load((CONTENT / module_file).read_text())["quiz"]["questions"]
    return {question["question"]: question for question in questions}


def understand_all(page: Page, base_url: str, module: str) -> int:
    """Reads the module from its first lesson on and says «Sudah paham» until the quiz is there. Returns how often."""
    page.goto(f"{base_url}/modul/{module}/")
    press(page.locator("main a.btn.main"))
    said = 0
    while page.get_by_role("button", name="Sudah paham").count():
        press(page.get_by_role("button", name="Sudah paham"))
        said += 1
    return said


def answer_all(page: Page, key: dict[str, dict], *, right: bool, javascript: bool) -> None:
    """From the first question of an attempt to its result."""
    while "/soal/" in page.url:
        question = key[page.locator("h1").inner_text().strip()]
        answer(page, question, right=right, javascript=javascript)
        press(page.locator("button.main"))


def answer(page: Page, question: dict, *, right: bool, javascript: bool) -> None:
    kind = question["type"]
    if kind == "numeric":
        page.locator("#id_answer").fill(str(question["answer"]) if right else "999")
    elif kind == "true_false":
        choose(page, "Benar" if question["answer"] == right else "Salah")
    elif kind == "ordering":
        put_in_order(page, [question["items"][letter] for letter in question["answer"]], right, javascript)
    elif kind == "matching":
        match(page, question, right, javascript)
    else:
        letters = question["answer"] if right else [next(x for x in question["options"] if x not in question["answer"])]
        for letter in letters:
            choose(page, question["options"][letter])


def choose(scope: Page | Locator, text: str) -> None:
    page = scope if isinstance(scope, Page) else scope.page
    scope.locator("label.choice", has=page.get_by_text(text, exact=True)).click()


def put_in_order(page: Page, texts: list[str], right: bool, javascript: bool) -> None:
    if not right:
        texts = texts[::-1]
    if not javascript:
        for place, text in enumerate(texts):
            page.locator("order-list select").nth(place).select_option(label=text)
        return
    for place, text in enumerate(texts):
        while page.locator("order-list li p").nth(place).inner_text() != text:
            page.get_by_role("button", name=f"Naik: {text}", exact=True).click()


def match(page: Page, question: dict, right: bool, javascript: bool) -> None:
    lefts = list(question["left"])
    partners = [question["answer"][left] for left in lefts]
    if not right:
        partners = partners[1:] + partners[:1]
    for left, partner in zip(lefts, partners, strict=True):
        text = question["right"][partner]
        if javascript:
            choose(page.get_by_role("group", name=question["left"][left], exact=True), text)
        else:
            page.get_by_label(question["left"][left], exact=True).select_option(label=text)
