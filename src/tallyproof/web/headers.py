"""Headers that keep a browser from running, loading or framing anything that is not ours."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from tallyproof.web.carried import ACCOUNT

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SCRIPT_POLICY = HEADERS["Content-Security-Policy"] + "; script-src 'self'; connect-src 'self'"
"""What a page allows that has a script of ours: that file, and requests to this server."""

PUBLISHED_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'"
"""What a page in a folder says for itself, as its web host may send no headers."""


class SecurityHeaders:
    """Adds the headers to every answer, pages of faults included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)  # a view may state a policy of its own
        response.headers.setdefault("Cache-Control", "no-cache")
        if request.META.get(ACCOUNT) and "public" not in response.headers["Cache-Control"]:
            response.headers["Cache-Control"] = "private, no-store"
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response
