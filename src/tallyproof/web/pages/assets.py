"""The style sheets and the icon."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from tallyproof.services.access import Actor
from tallyproof.web import language
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import query
from tallyproof.web.carried import is_published
from tallyproof.web.headers import PUBLISHED_POLICY

KINDS = {
    "tallyproof.css": "text/css; charset=utf-8",
    "figures.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "upload.js": "text/javascript; charset=utf-8",
}
PLACES = {"figures.css": ("tallyproof.figures", "figures.css")}
"""Package and path of the files that do not lie among the pages' own."""


@open_to(READERS)
def asset(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """One of our own files; its address carries its hash, so browsers may keep it for good."""
    if name not in KINDS:
        raise Http404
    answer = HttpResponse(content(name), content_type=KINDS[name])
    keep = request.GET.get("v") == version(name)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if keep else "no-cache"
    return answer


@cache
def content(name: str) -> bytes:
    """The file's bytes."""
    package, path = PLACES.get(name, ("tallyproof.web", f"assets/{name}"))
    return files(package).joinpath(path).read_bytes()


@cache
def version(name: str) -> str:
    """The first signs of the file's SHA-256."""
    return hashlib.sha256(content(name)).hexdigest()[:12]


def addresses(request: HttpRequest) -> dict[str, object]:
    """What every page needs: style sheets, icon, languages, the policy of a page that goes into a folder."""
    named = {
        "style": "tallyproof.css",
        "figures_style": "figures.css",
        "icon": "icon.svg",
        "upload_script": "upload.js",
    }
    found = {key: f"{reverse('asset', args=[name])}?v={version(name)}" for key, name in named.items()}
    return {
        **found,
        "published": PUBLISHED_POLICY if is_published(request) else "",
        "lang": get_language() or "en",
        "lang_asked": language.asked(),
        "languages": [
            {"code": code, "name": name, "href": query(request, lang=code)}
            for code, name in language.known().items()
        ],
    }
