"""Reads an answer of the product as a browser does: its links, and its forms with what they would send."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from quizzes.models import AskedQuestion
from quizzes.rules import TRUE, Kind, Response


def soup(response) -> BeautifulSoup:
    """The page as a tree, made once. Copy it before changing it."""
    if not hasattr(response, "tree"):
        response.tree = BeautifulSoup(response.text, "html.parser")
    return response.tree


def text(tag: Tag) -> str:
    """What a person reads, with single spaces."""
    return " ".join(tag.get_text(" ").split())


def lost_pointers(source: str) -> set[str]:
    """The ids that a page's labels and descriptions point to, and that nothing on it has."""
    page = BeautifulSoup(source, "html.parser")
    pointers = (tag.get(name, "") for tag in page() for name in ("for", "aria-labelledby", "aria-describedby"))
    return {id for pointer in pointers for id in pointer.split()} - {tag["id"] for tag in page.select("[id]")}


def links(response) -> list[str]:
    """The addresses on our own host that the page links to, in order."""
    found = [urljoin(response.wsgi_request.get_full_path(), a["href"]) for a in soup(response).select("a[href]")]
    return [address.partition("#")[0] for address in found if re.match("/(?!/)", address)]


def sends(form: Tag) -> dict[str, list[str]]:
    """What the form sends when its button is pressed at once."""
    data: dict[str, list[str]] = {}
    for field in form.select("input[name], select[name]"):
        if field.name == "select":
            chosen = field.select("option[selected]") or field.select("option")[:1]
            values = [option["value"] for option in chosen]
        elif field.get("type") in ("radio", "checkbox"):
            values = [field.get("value", "on")] if field.has_attr("checked") else []
        else:
            values = [field.get("value", "")]
        if values:
            data.setdefault(field["name"], []).extend(values)
    data.pop("csrfmiddlewaretoken", None)
    return data


def copy(client: Client, page: Page, slug: str, parent: Page | None = None, **chosen):
    """Copies the page and all below it, as an editor does in Wagtail."""
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    chosen |= {"new_title": f"{page.title} kedua", "new_slug": slug, "copy_subpages": "on", "publish_copies": "on"}
    return client.post(address, chosen | {"new_parent_page": (parent or page.get_parent()).pk})


def field_error(response, name: str) -> str:
    """The message at the field ``name``, to which it or its group points; empty where there is none."""
    page = soup(response)
    field = page.select_one(f"[name={name}]")
    for id in " ".join(tag.get("aria-describedby", "") for tag in (field, *field.find_parents("fieldset"))).split():
        if (message := page.find(id=id)) and "wrong" in message["class"]:
            return text(message)
    return ""


def form_data(response, asked: AskedQuestion, answer: Response) -> dict:
    """What the form of a question sends for ``answer``, found by what stands on the page, as a person would."""
    form = soup(response).select_one("main form")
    value, data = asked.value, sends(form)
    match asked.rule.kind:
        case Kind.NUMERIC:
            return data | {"answer": answer[0].replace(".", ",")}
        case Kind.ORDERING:
            texts = {item.id: item.value for item in value["items"].bound_blocks}
            return data | {
                field["name"]: _option(field, texts[id])
                for field, id in zip(form.select("select"), answer, strict=True)
            }
        case Kind.MATCHING:
            pairs = {pair.id: pair.value for pair in value["pairs"].bound_blocks}
            wanted = {
                pairs[left]["left"]: pairs[id]["right"] for left, id in zip(asked.rule.options, answer, strict=True)
            }
            return data | {
                field["name"]: _option(field, wanted[text(form.find("label", attrs={"for": field["id"]}))])
                for field in form.select("select")
            }
        case Kind.TRUE_FALSE:
            texts = {id: "Benar" if id == TRUE else "Salah" for id in asked.rule.options}
        case _:
            texts = {choice.id: choice.value["text"] for choice in value["choices"].bound_blocks}
    by_label = {text(label): label.input["value"] for label in form.select("label.choice")}
    return data | {"answer": [by_label[" ".join(texts[id].split())] for id in answer]}


def _option(field: Tag, wanted: str) -> str:
    return next(option["value"] for option in field.select("option") if text(option) == " ".join(wanted.split()))


def crawl(client: Client, start: str, *, beyond: str = r"/kelola/|/django-admin/") -> Iterator:
    """The answers of all pages on our own host that links lead to from ``start``, each once; not ``beyond``."""
    seen, waiting = {start}, [start]
    while waiting:
        response = client.get(waiting.pop(0), follow=False)
        yield response
        found = links(response) if "text/html" in response.get("Content-Type", "") else []
        if response.status_code in (301, 302):
            found = [response["Location"]]
        for address in found:
            if address not in seen and not re.match(beyond, address):
                seen.add(address)
                waiting.append(address)
