"""Django application of this room."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.assessment"
    default_auto_field = "django.db.models.BigAutoField"
