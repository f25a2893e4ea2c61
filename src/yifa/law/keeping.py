"""A checked catalogue kept in a folder, so that the next start need not read and check a thousand files again.

The kept file stands for exactly one content of the catalogue's files, one state of this program and one Python: any
other is passed over and written anew. It is a pickle, hence only read where nobody else could have written it.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import stat
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pydantic

from yifa.law.laws import LawList
from yifa.law.loader import Catalogue

PARTS = (
    "case_types", "registers", "counting_rules", "gaps", "outlines", "documents", "indicator_sets", "sheets", "levels",
    "jurisdictions",
)  # fmt: skip
NAME = "catalogue.pickle"


def kept(folder: Path, digest: str, place: Path, load: Callable[[], Catalogue]) -> Catalogue:
    """The catalogue of a folder with this digest: as kept in `place`, else loaded and kept there.

    A place that cannot be written is no fault: then nothing is kept.
    """
    key = f"{digest}:{_program()}"
    found = _read(place / NAME, key)
    if found is None:
        catalogue = load()
        _write(place, key, catalogue)
        return catalogue
    return Catalogue(
        folder=folder,
        laws=LawList(found["laws"]),
        digest=digest,
        sources=MappingProxyType({id_: folder / name for id_, name in found["sources"].items()}),
        **{part: MappingProxyType(found[part]) for part in PARTS},
    )


@lru_cache(maxsize=1)
def _program() -> str:
    """What shapes a kept file besides the catalogue: the code of this room, Python and pydantic."""
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return f"{code.hexdigest()}:{platform.python_version()}:{pydantic.VERSION}"


def _read(path: Path, key: str) -> dict[str, Any] | None:
    """What is kept under this key; None where there is nothing, something else, or something one cannot trust."""
    try:
        with path.open("rb") as file:
            if not _ours(os.fstat(file.fileno())) or file.readline() != f"{key}\n".encode():
                return None
            found: dict[str, Any] = pickle.load(file)  # noqa: S301 - written by this user alone, see `_ours`
            return found
    except (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, ValueError, IndexError):
        return None


def _ours(found: os.stat_result) -> bool:
    if not hasattr(os, "getuid"):  # Windows keeps the data folder for its owner by other means
        return True
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(place: Path, key: str, catalogue: Catalogue) -> None:
    """Keeps a catalogue; a reader meanwhile sees the old file or the new one, whole."""
    content: dict[str, Any] = {part: dict(getattr(catalogue, part)) for part in PARTS}
    content["laws"] = list(catalogue.laws.laws)
    content["sources"] = {
        id_: path.relative_to(catalogue.folder).as_posix() for id_, path in catalogue.sources.items()
    }
    unfinished = place / f"{NAME}.{os.getpid()}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(f"{key}\n".encode())
            pickle.dump(content, file, protocol=pickle.HIGHEST_PROTOCOL)
        unfinished.replace(place / NAME)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
