"""Django application of this room."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Registers the room with Django."""

    name = "yifa.workbench"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Joins what the rooms below must not know of each other."""
        from yifa.workbench.figures.planfigures import offer_figures  # models are there only now
        from yifa.workbench.rights.signing import listen

        offer_figures()
        listen()
