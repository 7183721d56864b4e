"""In which language a page is shown: the one its address asks for, else the one the browser prefers."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django import conf
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

_asked: ContextVar[str] = ContextVar("asked language", default="")


class Language:
    """Shows each page in its reader's language; it keeps nothing, not even a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language; links keep one that the address asks for."""
        given = request.GET.get("lang", "")
        asked = given if given in known() else ""
        token = _asked.set(asked)
        try:
            with translation.override(asked or preferred(request.headers.get("Accept-Language", ""))):
                response = self.get_response(request)
                response.headers["Content-Language"] = translation.get_language()
        finally:
            _asked.reset(token)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def known() -> dict[str, str]:
    """The languages by code, each under its own name."""
    return dict(conf.settings.LANGUAGES)


def preferred(header: str) -> str:
    """The first language of an Accept-Language header that we have; English where there is none.

    >>> from tallyproof.web.django_setup import configure
    >>> configure()
    >>> preferred("es-MX,es;q=0.9,en;q=0.8"), preferred("de,*;q=0.1"), preferred("")
    ('es', 'en', 'en')
    """
    for code, _quality in parse_accept_lang_header(header):
        if (short := code.split("-")[0]) in known():
            return short
    return "en"


def asked() -> str:
    """The language that the address asks for; nothing where it asks for none."""
    return _asked.get()
