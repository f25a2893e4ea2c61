"""All templates of an installation: those of the catalogue, and its own from the data folder.

The own ones lie in `local/documents` of the data folder: `*.yaml` in the form of the catalogue, or `*.docx` with
`{{fields}}` beside a `*.yaml` that names the act (`yifa.documents.ownword`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yifa.law.crosschecks import Known
from yifa.law.documentchecks import document_problems
from yifa.law.loader import Catalogue, catalogue
from yifa.law.messages import validate
from yifa.law.nodes import YamlError, read_yaml
from yifa.law.schema import DocumentType, Serves
from yifa.ledger.models import Case


@dataclass(frozen=True)
class Shelf:
    """The templates by id, and what is wrong with own ones that cannot be used: file and message."""

    templates: Mapping[str, DocumentType]
    own: frozenset[str]  # ids of the installation's own
    faults: tuple[tuple[str, str], ...] = ()

    def for_case(self, case: Case) -> Iterator[tuple[DocumentType, Serves]]:
        """The templates that serve acts of the case's type."""
        for template in self.templates.values():
            for serves in template.serves:
                if serves.case_type == case.case_type:
                    yield template, serves

    def word_of(self, template: str) -> Path | None:
        """The Word file of an own template, where it is one."""
        path = folder() / f"{template}.docx"
        return path if template in self.own and path.is_file() else None


def folder() -> Path:
    """Where the installation keeps its own templates."""
    return Path(settings.DATA) / "local" / "documents"


def shelf() -> Shelf:
    """The templates as they are now; an own file entered or changed counts at once."""
    known = catalogue()
    files = tuple(sorted(folder().glob("*.yaml"))) if folder().is_dir() else ()
    marks = tuple((str(path), path.stat().st_mtime_ns) for path in files)
    found = _shelf(known.digest, marks)
    alone = _alone()
    return replace(found, faults=(*found.faults, *alone)) if alone else found


def _alone() -> tuple[tuple[str, str], ...]:
    """Word files that nothing describes: put there by hand, they serve no act."""
    return tuple(
        (path.name, "没有同名的 .yaml 说明文件，不知道用于哪个环节；请在本页上传这个 Word 文件")
        for path in sorted(folder().glob("*.docx"))
        if not path.with_suffix(".yaml").is_file()
    )


@lru_cache(maxsize=8)
def _shelf(digest: str, marks: tuple[tuple[str, int], ...]) -> Shelf:  # the marks make a changed file count
    known = catalogue()
    templates, own, faults = dict(known.documents), set[str](), []
    for name, _ in marks:
        path = Path(name)
        found, wrong = read_own(path, known)
        faults += [(path.name, what) for what in wrong]
        if found is not None:
            templates[found.document] = found
            own.add(found.document)
    return Shelf(templates, frozenset(own), tuple(faults))


def read_own(path: Path, known: Catalogue) -> tuple[DocumentType | None, list[str]]:
    """An own template, or what is wrong with it, line by line."""
    try:
        text = read_yaml(path)
    except YamlError as error:
        return None, [f"第 {error.line} 行：{error.what}"]
    found, problems = validate(DocumentType, text)
    problems = list(problems)
    if found is not None:
        around = Known(
            case_types=known.case_types,
            registers=known.registers,
            counting_rules=known.counting_rules,
            laws=known.laws,
            documents={k: v for k, v in known.documents.items() if k != found.document},
        )
        problems += document_problems(found, around)
        if found.document != path.stem:
            problems.append((("document",), f"标识应与文件名一致，写 {path.stem}"))
    said = [f"第 {text.line(place)} 行 {text.key(place)}：{what}" for place, what in problems]
    return (None, said) if said else (found, [])


def serves_of(template: DocumentType, case: Case, act: str | None = None) -> Serves | None:
    """For which act of the case a template serves."""
    return next(
        (
            one
            for one in template.serves
            if one.case_type == case.case_type and (act is None or one.act == act)
        ),
        None,
    )
