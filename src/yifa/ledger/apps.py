"""Django application of this room."""

from pathlib import Path

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the room with Django; from then on the catalogue is kept in the data folder and follows what stands there."""

    name = "yifa.ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Models can be imported from here on."""
        from django.conf import settings

        from yifa.law.loader import keep_in
        from yifa.ledger.amending import follow_folder
        from yifa.ledger.installation.local import follow_local

        keep_in(Path(settings.DATA) / "cache")
        follow_folder()
        follow_local()
