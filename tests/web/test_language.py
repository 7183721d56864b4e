"""Every sentence is in the catalogue; a page is in the language that its address or browser asks for."""

import re

import pytest

import messages
from tallyproof.services import example
from tallyproof.services.workspace import Workspace

from .visitor import Visitor

CASE = f"/{example.CASE}"
CODE = re.compile(
    r"(?s){% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}|{#.*?#}|<(pre|svg|style).*?</\1>"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


def test_the_catalogue_holds_every_sentence_and_no_other(example_pages: Visitor) -> None:
    """The committed files are those that the tool makes; mend them with: python tools/messages.py"""
    made = messages.files().items()
    wrong = [path.name for path, body in made if not path.exists() or path.read_bytes() != body]
    assert wrong == []


def test_the_tool_sees_sentences_of_every_kind() -> None:
    """With context, with plural, in templates with and without a name for the text."""
    source = b'_("A"); noop("B"); ngettext("one", "%(n)s", n); pgettext("severity", "Note")'
    found = list(messages.of_python(source))
    assert [(each.text, each.plural, each.context) for each in found] == [
        ("A", "", ""), ("B", "", ""), ("one", "%(n)s", ""), ("Note", "", "severity"),
    ]  # fmt: skip
    template = (
        '{% translate "B" as b %}{% blocktranslate count n=1 %}C{% plural %}{{ n }} C{% endblocktranslate %}'
    )
    assert [(each.text, each.plural) for each in messages.of_template(template)] == [
        ("B", ""),
        ("C", "%(n)s C"),
    ]


def test_a_sentence_has_one_plural() -> None:
    """Catalogues find a plural by its singular: a second plural of the same words would stay in English."""
    plurals: dict[tuple[str, str], set[str]] = {}
    for each, _place in messages.messages():
        plurals.setdefault((each.context, each.text), set()).add(each.plural)
    assert [text for text, known in plurals.items() if len(known) > 1] == []


def test_no_template_shows_words_that_are_not_in_the_catalogue() -> None:
    """Text between tags stands in translate or blocktranslate; names and signs are no sentences."""
    bare = []
    for path in sorted((messages.WEB / "templates").glob("*.html")):
        text = CODE.sub("", path.read_text(encoding="utf-8"))
        words = re.findall(r">([^<>]*[A-Za-z]{3}[^<>]*)<", text)
        bare += [(path.name, each.strip()) for each in words if each.strip() not in NAMES]
    assert bare == []


NAMES = {
    "Tallyproof", "UTC", "SHA-256", "CSV", "Excel", "JSON", "record.json", "· SHA-256", "·  · Tallyproof",
    "Tallyproof, “”: ,", ",   SHA-256",
}  # fmt: skip
"""What is the same in every language."""


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_keeps_the_numbers_and_names(language: str) -> None:
    """What is filled in later stands in both, in one and in several."""
    wrong = []
    for each in messages.translated(language):
        told = each.string if isinstance(each.string, tuple) else (each.string,)
        texts = each.id if isinstance(each.id, tuple) else (each.id,)
        wanted = set(PLACEHOLDER.findall(str(texts[-1])))
        if each.id and all(told) and set(PLACEHOLDER.findall(str(told[-1]))) != wanted:
            wrong.append(each.id)
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [("/", "es-MX,es;q=0.9", "es"), ("/?lang=es", "", "es"), ("/?lang=en", "es", "en"), ("/", "", "en"),
     ("/", "de, fr;q=0.5", "en"), ("/?lang=xx", "es", "es"), ("/", "\x00;q=x,,,", "en"),
     ("/", "en,es;q=0.5", "en")],
)  # fmt: skip
def test_address_before_browser_before_english(
    example_pages: Visitor, address: str, accepted: str, language: str
) -> None:
    """And the page says which it is, to screen readers and to caches."""
    answer = example_pages.get(CASE + address, headers={"HTTP_ACCEPT_LANGUAGE": accepted})
    assert f'<html lang="{language}">' in answer.html
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    assert ("¿Cómo va el conteo" in answer.html) is (language == "es")


def test_a_language_in_the_address_stays_in_links_and_forms(example_pages: Visitor) -> None:
    """From page to page, without a cookie."""
    answer = example_pages.get(f"{CASE}/checks/?lang=es&as_of=2016-11-28")
    inner = [link for link in answer.links if link.startswith(CASE)]
    assert inner
    assert all("lang=es" in link for link in inner)
    assert answer.html.count('name="lang" value="es"') == answer.html.count("<form")
    assert "Set-Cookie" not in answer.headers


def test_numbers_and_days_are_the_same_in_every_language(example_pages: Visitor) -> None:
    """22,748 and 2016-12-12 are read one way only."""
    text = example_pages.get(f"{CASE}/contests/wi-president/?lang=es").text
    assert "22,748" in text
    assert "2016-12-12" in text


def test_a_published_folder_is_in_english_whoever_publishes(example_home: Workspace) -> None:
    """The language of one reader does not leak into what all read."""
    from django.utils import translation

    from tallyproof.web.static import site

    with translation.override("es"):
        _name, body = next(iter(site(example_home, example.CASE)))
    assert b'<html lang="en">' in body
    assert "¿Cómo" not in body.decode()
