"""How people come in, and go."""

import re
from urllib.parse import urljoin

from playwright.sync_api import Page


def leave(page: Page) -> None:
    """Nobody is signed in any more. The page goes first: what it still asks for would come from nobody."""
    page.goto("about:blank")
    page.context.clear_cookies()


def sign_in(page: Page, base_url: str, username: str, secret: str) -> None:
    """Signs in as the form does, without opening it, which takes longer than all the rest. Ends on the first screen.
    The page goes first: what it still asks for may lead a visitor to the sign-in, which gives her another token."""
    if page.url != "about:blank":
        page.goto("about:blank")
    door, asking = f"{base_url}/masuk/", page.context.request
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', asking.get(door).text())
    form = {"csrfmiddlewaretoken": token, "login": username, "password": secret}
    answer = asking.post(door, form=form, max_redirects=0)
    assert answer.status == 302, answer.text()
    page.goto(urljoin(door, answer.headers["location"]))


def sign_in_by_form(page: Page, base_url: str, username: str, secret: str) -> None:
    """Signs in as people do, and waits for what comes then."""
    page.goto(f"{base_url}/masuk/")
    if (other := page.get_by_role("button", name="Orang lain")).is_visible():
        other.click()  # the phone remembers who has learned on it
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(secret)
    with page.expect_navigation():
        page.locator("input[name=password]").press("Enter")
