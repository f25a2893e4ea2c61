"""Django application of this room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.ledger"
    default_auto_field = "django.db.models.BigAutoField"
