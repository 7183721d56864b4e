"""The one place that configures Django, once per process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

    from tallyproof.services.workspace import Workspace

_keys: list[str] = []


def handler() -> WSGIHandler:
    """Django's WSGI handler with our settings. Raises RuntimeError where a route has no access rule."""
    configure()
    from django.core.handlers.wsgi import WSGIHandler

    from tallyproof.web.access import require_rules
    from tallyproof.web.urls import urlpatterns

    require_rules(urlpatterns)
    return WSGIHandler()


def configure() -> None:
    """Give Django our settings, unless it has them; no environment variable has a say in it."""
    import django
    from django.conf import settings

    from tallyproof.web import settings as ours

    if not settings.configured:
        settings.configure(**{name: value for name, value in vars(ours).items() if name.isupper()})
        django.setup()


def use_key_of(workspace: Workspace) -> None:
    """Sign sessions with the workspace's own key; those of others served by this process stay valid."""
    from django.conf import settings

    from tallyproof.web.accounts import secret

    found = secret.key(workspace.place)
    if found not in _keys:
        _keys.append(found)
    settings.SECRET_KEY = found
    settings.SECRET_KEY_FALLBACKS = [each for each in _keys if each != found]


def answer_to(hosts: Iterable[str]) -> None:
    """Let the pages answer under further names."""
    from django.conf import settings

    settings.ALLOWED_HOSTS += [each for each in hosts if each not in settings.ALLOWED_HOSTS]
