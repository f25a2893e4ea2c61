"""Indexes that are not the same in every database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.backends.ddl_references import Statement


class WordedIndex(models.Index):
    """An index that holds `words` too where the database takes words of any length into one; PostgreSQL does not."""

    def __init__(self, *, words: Sequence[str] = (), **given: Any) -> None:
        super().__init__(**given)
        self.words = list(words)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """As migrations write it."""
        path, args, given = super().deconstruct()
        return path, args, {**given, "words": self.words}

    def create_sql(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **more: Any
    ) -> Statement:
        """With the words on SQLite."""
        words = self.words if schema_editor.connection.vendor == "sqlite" else []
        plain = models.Index(fields=[*self.fields, *words], name=self.name, condition=self.condition)
        return plain.create_sql(model, schema_editor, using, **more)
