"""How a request carries the workspace it is answered from, so that none is kept in a global."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tallyproof.web.serving import LOCAL, Serving

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tallyproof.services.workspace import Workspace

_KEY = "tallyproof.workspace"
_SERVING = "tallyproof.serving"
ACCOUNT = "tallyproof.account"
"""Where a request keeps who is signed in."""


def carry(environ: dict[str, Any], workspace: Workspace, serving: Serving = LOCAL) -> None:
    """Put the workspace into a WSGI request, and how it was reached."""
    environ[_KEY] = workspace
    environ[_SERVING] = serving


def workspace_of(request: HttpRequest) -> Workspace:
    """The workspace that the request is answered from."""
    return cast("Workspace", request.META[_KEY])


def serving_of(request: HttpRequest) -> Serving:
    """How the pages are reached."""
    return cast(Serving, request.META[_SERVING])


_PUBLISHED = "tallyproof.published"


def mark_published(request: HttpRequest) -> None:
    """Say that the answer goes into a folder: no forms, no orders, no time of reading."""
    request.META[_PUBLISHED] = True


def is_published(request: HttpRequest) -> bool:
    """Whether the answer goes into a folder."""
    return bool(request.META.get(_PUBLISHED))
