"""The one place that configures Django, once per process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler


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
