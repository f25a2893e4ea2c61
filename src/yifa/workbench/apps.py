"""Django application of this room."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.workbench"
    default_auto_field = "django.db.models.BigAutoField"
