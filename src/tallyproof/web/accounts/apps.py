"""What Django needs to know of the accounts."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """The accounts as an app of Django's, so that it keeps their tables up to date."""

    name = "tallyproof.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
