"""Django application of this room."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.supervision"
    default_auto_field = "django.db.models.BigAutoField"
