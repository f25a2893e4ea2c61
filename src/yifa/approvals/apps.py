"""Django application of this room."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.approvals"
    default_auto_field = "django.db.models.BigAutoField"
