"""Django application of this room."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.reporting"
    default_auto_field = "django.db.models.BigAutoField"
