"""The canonical form of what is stored, and its SM3 digest. The format is in docs/reference/ledger-format.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from yifa.law.digests import sm3

__all__ = [
    "GENESIS",
    "RECORD_COLUMNS",
    "SEAL_COLUMNS",
    "Parsed",
    "as_stored",
    "canonical",
    "chain_digest",
    "merkle_root",
    "moment",
    "record_digest",
    "root_of_sorted",
    "seal_digest",
    "sm3",
]

GENESIS = "0" * 64  # the "digest before" of the first record of a chain and of the first seal

RECORD_COLUMNS = (
    "subject",
    "subject_id",
    "position",
    "kind",
    "organization",  # its code
    "happened_on",
    "recorded_at",
    "recorded_on",
    "recorded_by",  # the user name
    "payload",
    "previous",
)
SEAL_COLUMNS = ("day", "count", "root", "previous", "sealed_at")


def moment(at: datetime) -> str:
    """A moment as text: UTC, six digits of a second, e.g. 2020-03-01T01:02:03.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _encoder() -> Callable[[Any], str]:
    """The encoder, made once: `JSONEncoder.encode` makes it anew each time, which takes longer than most payloads."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # not CPython
        plain = json.JSONEncoder(
            ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain, allow_nan=False
        )
        return plain.encode
    encode = make(None, _plain, json.encoder.encode_basestring, None, ":", ",", True, False, False)
    return lambda value: "".join(encode(value, 0))


_encode = _encoder()
_quoted = json.encoder.encode_basestring


def canonical(value: Any) -> str:
    """Canonical JSON: keys sorted, no spaces, text as it is (UTF-8), days as 2020-03-01, no NaN."""
    return _encode(value)


_decoder = json.JSONDecoder()


def as_stored(text: str) -> Any:
    """What stands in canonical JSON."""
    return _decoder.raw_decode(text)[0]


class Parsed(dict[str, Any]):
    """What stands in canonical JSON, with its text, for whoever writes it again. Not to be changed."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        super().__init__(as_stored(text) if text != "{}" else ())
        self.text = text


def record_digest(columns: Mapping[str, Any]) -> str:
    """The digest of a record over all its columns (see RECORD_COLUMNS)."""
    return sm3(canonical({name: columns[name] for name in RECORD_COLUMNS}).encode())


def chain_digest(  # noqa: PLR0917 - the columns of a record, in canonical order
    happened_on: date | None, kind: str, organization: str, payload: str, position: int, previous: str, recorded: str,
    subject: str, subject_id: UUID,
) -> str:  # fmt: skip
    """As `record_digest`, for whoever makes thousands at one moment: `recorded` is `recorded_columns` of all of them."""
    on = f'"{happened_on}"' if happened_on else "null"
    return sm3(
        f'{{"happened_on":{on},"kind":"{kind}","organization":{_quoted(organization)},"payload":{_quoted(payload)},'
        f'"position":{position},"previous":"{previous}",{recorded},"subject":"{subject}","subject_id":"{subject_id}"}}'.encode()
    )


def recorded_columns(at: datetime, day: date, by: str | None) -> str:
    """When and by whom, as it stands in the canonical form of a record."""
    return canonical({"recorded_at": at, "recorded_by": by, "recorded_on": day})[1:-1]


def seal_digest(columns: Mapping[str, Any]) -> str:
    """The digest of a seal over all its columns (see SEAL_COLUMNS)."""
    return sm3(canonical({name: columns[name] for name in SEAL_COLUMNS}).encode())


def merkle_root(digests: Iterable[str]) -> str:
    """The Merkle root over record digests in ascending order.

    A leaf is SM3(0x00 ‖ digest), a node SM3(0x01 ‖ left ‖ right); the last of an odd row moves up unchanged.
    """
    return root_of_sorted(sorted(digests))


def root_of_sorted(digests: Iterable[str]) -> str:
    """The same over digests that come in ascending order, however many: only the tree's right edge is held."""
    edge: list[tuple[int, bytes]] = []  # roots of whole trees, each with its height, the highest first
    for digest in digests:
        height, node = 0, bytes.fromhex(sm3(b"\x00" + bytes.fromhex(digest)))
        while edge and edge[-1][0] == height:
            height, node = height + 1, _joined(edge.pop()[1], node)
        edge.append((height, node))
    if not edge:
        return GENESIS
    _, node = edge.pop()
    while edge:
        node = _joined(edge.pop()[1], node)
    return node.hex()


def _joined(left: bytes, right: bytes) -> bytes:
    return bytes.fromhex(sm3(b"\x01" + left + right))
