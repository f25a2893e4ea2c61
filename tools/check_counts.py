"""How often each rule speaks over a folder of real texts, and how fast reading and checking are.

    python tools/check_counts.py ../shared/corpus/work_reports [RULE …] [--as-report]

With rule ids it prints their findings with the words around them, to be read by eye. `--as-report` treats every text as an
annual report, so that the rules which only speak on those can be looked at too: a sieve for false alarms, not a measure.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from yifa.checking import Finding, check, excerpt
from yifa.reading import Document, ReadingError, read
from yifa.reading.document import Kind


def main(arguments: list[str]) -> None:
    """Count over the folder named, or say how to call this."""
    as_report = "--as-report" in arguments
    folder, *wanted = [argument for argument in arguments if argument != "--as-report"] or [""]
    if not Path(folder).is_dir() or not folder:
        sys.exit(__doc__)
    counts: Counter[str] = Counter()
    characters = 0
    reading = checking = 0.0
    for path in sorted(Path(folder).glob("*.txt")):
        started = time.perf_counter()
        try:
            document = read(path)
        except ReadingError as error:
            print(f"{path.name}: {error}")
            continue
        read_at = time.perf_counter()
        if as_report:
            document = replace(document, kind=Kind.ANNUAL_REPORT)
        findings = check(document)
        reading += read_at - started
        checking += time.perf_counter() - read_at
        characters += len(document.text)
        counts.update(finding.rule for finding in findings)
        for finding in findings:
            if finding.rule in wanted:
                show(path, document, finding)
    for rule, count in counts.most_common():
        print(f"{count:6} {rule}")
    print(
        f"{characters:,} characters: read {characters / reading / 1e6:.2f} M/s, check {characters / checking / 1e6:.2f} M/s, "
        f"together {characters / (reading + checking) / 1e6:.2f} M/s (goal 1.0)"
    )


def show(path: Path, document: Document, finding: Finding) -> None:
    """One finding with its places."""
    print(f"{path.name} {finding.rule}: {finding.message}")
    for span in finding.spans[:2]:
        before, marked, after = excerpt(document.text, span)
        print(f"      {before}【{marked}】{after}")


if __name__ == "__main__":
    main(sys.argv[1:])
