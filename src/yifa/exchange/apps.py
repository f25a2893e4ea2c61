"""Django application of this room."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.exchange"
    default_auto_field = "django.db.models.BigAutoField"
