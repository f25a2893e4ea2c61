"""Django application of this room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the room with Django; from then on the catalogue follows the new texts of the data folder."""

    name = "yifa.ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Models can be imported from here on."""
        from yifa.ledger.amending import follow_folder

        follow_folder()
