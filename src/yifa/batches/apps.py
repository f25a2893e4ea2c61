"""Django application of this room."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.batches"
    default_auto_field = "django.db.models.BigAutoField"
