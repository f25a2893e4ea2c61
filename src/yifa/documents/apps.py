"""Django application of this room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.documents"
    default_auto_field = "django.db.models.BigAutoField"
