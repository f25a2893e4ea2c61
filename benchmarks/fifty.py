"""Fifty people at once on the demonstration county, reading and recording as their roles do.

    python benchmarks/fifty.py [seconds [address of a running demonstration]]

Each opens a page or sends a form, looks at it for some seconds, goes on. Officers open cases and answer them; the others
read. An answer that is neither a page nor a redirect is an error, a refused form too.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from visitor import Visitor, busy, county, options_of, share

PEOPLE = 50
LIMIT = 0.500
LOOKS = (2.0, 8.0)  # seconds somebody looks at a page
GOOD = {200, 302}
OFFICERS = ("sifa", "shichang", "chengguan", "xinfang", "qingheng")
READERS = {
    "fazhi": ("/", "/plans/", "/figures/", "/gaps/", "/figures/information_requests_received/",
              "/reports/", "/cases/?state=overdue"),
    "lingdao": ("/", "/year/", "/reports/"),
    "shenhe": ("/", "/cases/?state=open&sort=due", "CASE", "/laws/"),
    "ducha": ("/cases/?state=overdue", "/gaps/", "CASE"),
    "kaohe": ("/figures/", "/year/", "/figures/dictionary/"),
    "gongkai": ("/registers/", "/registers/powers/", "/"),
    "shenji": ("/figures/", "/year/", "/"),
}  # fmt: skip


@dataclass
class Seen:
    """What all of them saw."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)


def officer(visitor: Visitor, pick: random.Random) -> Iterator[bool]:
    """A morning's work, over and over; True where a form was sent."""
    while True:
        for address in ("/", "/cases/?state=open&sort=due"):
            page = visitor.get(address)
            yield False
        links = page.css("table a[href^='/cases/']")
        if links:
            visitor.get(str(pick.choice(links).attributes["href"]))
            yield False
        address = "/cases/new/information_request/"
        form = visitor.get(address).css_first("main form[method=post]")
        yield False
        if form is None:
            continue
        units = options_of(form, "facts-organization")
        content = f"示例资料{pick.randrange(10**9)}"
        visitor.send(
            address, form, **{"facts-organization": units[0] if units else "", "facts-f_content": content}
        )
        yield True
        if visitor.status != 302:
            continue
        case = visitor.address
        visitor.get(case)
        yield False
        address = f"{case}acts/answer/"
        form = visitor.get(address).css_first("main form[method=post]")
        yield False
        if form is not None:
            visitor.send(
                address, form, outcome="予以公开", held_0="1", f_remedy="申请行政复议或者提起行政诉讼"
            )
            yield True


def reader(visitor: Visitor, pick: random.Random, addresses: tuple[str, ...]) -> Iterator[bool]:
    """Somebody who looks."""
    while True:
        for address in addresses:
            if address == "CASE":
                links = visitor.get("/cases/?state=open").css("table a[href^='/cases/']")
                yield False
                visitor.get(str(pick.choice(links).attributes["href"]) if links else "/")
            else:
                visitor.get(address)
            yield False


def who(number: int) -> str:
    """The account of one of the fifty: three of five are officers."""
    return tuple(READERS)[number % len(READERS)] if number % 5 >= 3 else OFFICERS[number % len(OFFICERS)]


def signed_in(base: str) -> dict[str, dict[str, str]]:
    """The cookies of each account, before the clock runs: people come one after the other, and a password costs."""
    found = {}
    for name in sorted({who(number) for number in range(PEOPLE)}):
        visitor = Visitor(base)
        visitor.sign_in(name)
        visitor.get("/")
        found[name] = visitor.cookies
    return found


def work(base: str, number: int, cookies: dict[str, str], until: float, seen: Seen) -> None:
    """One of the fifty until the time is over."""
    pick, name = random.Random(number), who(number)
    visitor = Visitor(base)
    visitor.cookies = dict(cookies)
    addresses = READERS.get(name, ())
    time.sleep(pick.uniform(0, LOOKS[1]))
    steps = reader(visitor, pick, addresses) if addresses else officer(visitor, pick)
    for wrote in steps:
        (seen.writes if wrote else seen.reads).append(visitor.seconds)
        if visitor.status not in GOOD or (wrote and visitor.status != 302):
            seen.wrong[f"{visitor.status} {name} {visitor.address if not wrote else 'form'}"] += 1
        if time.monotonic() > until:
            return
        time.sleep(pick.uniform(*LOOKS))


def run(base: str, seconds: float, pid: int | None) -> None:
    """All of them; says what they saw."""
    known = signed_in(base)
    seen, until = Seen(), time.monotonic() + seconds
    begun = busy(pid) if pid else 0.0
    people = [
        threading.Thread(target=work, args=(base, number, known[who(number)], until, seen))
        for number in range(PEOPLE)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    times = seen.reads + seen.writes
    at = share(times, 0.95)
    print(f"{PEOPLE} people, {len(times)} requests in {seconds:.0f} s")
    print(f"{len(seen.writes) / len(times):.0%} of the requests recorded something")
    print(f"reads: half {share(seen.reads, 0.5) * 1000:.0f} ms, 95 % {share(seen.reads, 0.95) * 1000:.0f} ms")
    if seen.writes:
        print(
            f"writes: half {share(seen.writes, 0.5) * 1000:.0f} ms, 95 % {share(seen.writes, 0.95) * 1000:.0f} ms"
        )
    print(
        f"limit {LIMIT * 1000:.0f} ms: {at / LIMIT:.0%} of it used; {sum(seen.wrong.values())} errors {dict(seen.wrong) or ''}"
    )
    if pid:
        spent = busy(pid) - begun
        print(
            f"processor time of the server: {spent / len(times) * 1000:.0f} ms a request, {spent / seconds:.0%} of one core"
        )


def main() -> None:
    """Measure on a server of its own or on a running one."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    if len(sys.argv) > 2:
        run(sys.argv[2], seconds, None)
        return
    with county() as (base, pid, _):
        run(base, seconds, pid)


if __name__ == "__main__":
    main()
