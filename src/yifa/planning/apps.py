"""Django application of this room."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.planning"
    default_auto_field = "django.db.models.BigAutoField"
