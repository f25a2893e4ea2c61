"""Every kind of page on the demonstration county, one person at a time: milliseconds at the median and the 95th percentile.

    python benchmarks/pages.py [data folder that holds a loaded demonstration | address of a running one]

Without a folder the county is loaded first, which takes longer than all the pages; a folder is copied and served, so
that nothing is loaded. First of all it says how long after the command the first pages were there.
The peer is the sign-in page of the same server: what the framework, the gate and the templates cost without a ledger.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from urllib.parse import quote

from visitor import Visitor, busy, county, share

LIMIT = 0.150
FIRST = 3.0  # seconds from the command to a page
TIMES = 10
FAULT = 400  # answers from here on are none
CASES = "/cases/?state=open&sort=due"
# What is after "›" is the beginning of the first link on the page whose address begins so and goes on: it is opened.
PAGES = {
    "sifa": ("/", "/waiting/", "/cases/", CASES, "/cases/new/", "/cases/new/information_request/", f"{CASES}›/cases/",
             "/clocks/", "/registers/", "/registers/powers/", "/registers/enforcement_officers/", "/plans/›/plans/",
             "/search/?q=土地", "/laws/", "/laws/R07/", "/calendar/", "/help/", "/help/terms/", "/exchange/"),
    "fazhi": ("/", "/cases/", "/plans/", "/plans/›/plans/", "/figures/", "/figures/information_requests_received/",
              "/figures/information_requests_received/years/", "/gaps/", "/gaps/officers_left_with_certificate/",
              "/process/", "/process/of/administrative_penalty/", "/process/clocks/", "/process/outliers/", "/reports/",
              "/reports/›/reports/", "/assessment/", "/assessment/running/", "/assessment/›/assessment/",
              "/supervision/", "/supervision/findings/", "/figures/dictionary/", "/check/", "/people/"),
    "lingdao": ("/", "/year/", "/reports/", "/delegations/"),
    "shenji": ("/", "/ledger/", "/powers/"),
    "xitong": ("/", "/people/", "/backups/"),
}  # fmt: skip
KEY = 36  # letters of a record's key: what a link to a record ends with


def measure(base: str, pid: int) -> dict[str, tuple[list[float], float]]:
    """By account and page: seconds of each answer after a first, and the server's processor seconds for one."""
    found: dict[str, tuple[list[float], float]] = {}
    for user, addresses in PAGES.items():
        visitor = Visitor(base)
        visitor.sign_in(user)
        for address in addresses:
            wanted = _opened(visitor, address)
            visitor.get(wanted)
            if visitor.status >= FAULT:
                raise SystemExit(f"{user} {wanted}: {visitor.status}")
            times, before = [], busy(pid) if pid else 0.0
            for _ in range(TIMES):
                visitor.get(wanted)
                times.append(visitor.seconds)
            used = (busy(pid) - before) / TIMES if pid else 0.0
            found[f"{user} {address}"] = times, used
    return found


def _opened(visitor: Visitor, address: str) -> str:
    """The address itself, or that of the first record that its page links to."""
    page, _, begins = address.partition("›")
    if not begins:
        return quote(page, safe="/?&=")
    links = visitor.get(page).css(f"main a[href^='{begins}']")
    targets = (str(link.attributes["href"]).partition("?")[0] for link in links)
    return next(target for target in targets if len(target) == len(begins) + KEY + 1)


def first_pages(base: str, begun: float) -> tuple[float, float]:
    """Seconds from the command to the sign-in page, and to the first page behind it, asked for at once."""
    visitor = Visitor(base)
    visitor.get("/login/")
    door = time.perf_counter() - begun
    visitor.sign_in("sifa")
    visitor.get("/")
    return door, time.perf_counter() - begun


def main() -> None:
    """Measure and say it."""
    given = sys.argv[1] if len(sys.argv) > 1 else ""
    if given.startswith("http"):
        _say(measure(given, 0), given)
        return
    with county(Path(given) if given else None) as (base, pid, begun):
        door, inside = first_pages(base, begun)
        print(f"sign-in page {door:.2f} s after the command, first page behind it {inside:.2f} s; limit {FIRST:.0f} s: "
              f"{inside / FIRST:.0%} of it used")  # fmt: skip
        time.sleep(5)  # the work of the first seconds is not what is measured here
        _say(measure(base, pid), base)


def _say(found: dict[str, tuple[list[float], float]], base: str) -> None:
    door = Visitor(base)
    peers = []
    for _ in range(TIMES):
        door.get("/login/")
        peers.append(door.seconds)
    times = [seconds for page, _ in found.values() for seconds in page]
    at = share(times, 0.95)
    print(f"{len(found)} pages, {len(times)} answers")
    print(f"half within {share(times, 0.5) * 1000:.0f} ms, 95 % within {at * 1000:.0f} ms")
    print(
        f"limit {LIMIT * 1000:.0f} ms: {at / LIMIT:.0%} of it used; sign-in page {share(peers, 0.5) * 1000:.0f} ms"
    )
    print("  half    95 %  of limit  processor")
    for page, (seconds, used) in sorted(found.items(), key=lambda one: -share(one[1][0], 0.95)):
        half, high = share(seconds, 0.5), share(seconds, 0.95)
        print(f"{half * 1000:6.0f}  {high * 1000:6.0f}  {high / LIMIT:8.0%}  {used * 1000:6.0f} ms  {page}")


if __name__ == "__main__":
    main()
