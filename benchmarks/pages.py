"""Every kind of page on the demonstration county, one person at a time: milliseconds at the 95th percentile.

    python benchmarks/pages.py [address of a running demonstration]

The peer is the sign-in page of the same server: what the framework, the gate and the templates cost without a ledger.
"""

from __future__ import annotations

import sys

from visitor import Visitor, county, share

LIMIT = 0.150
TIMES = 10
PAGES = {
    "sifa": ("/", "/cases/", "/cases/?state=open&sort=due", "/cases/new/", "/cases/new/information_request/", "CASE",
             "/registers/", "/registers/powers/", "/plans/", "/laws/", "/calendar/", "/help/", "/help/terms/", "/exchange/"),
    "fazhi": ("/", "/cases/", "/plans/", "/figures/", "/figures/information_requests_received/", "/gaps/", "/reports/",
              "/figures/dictionary/", "/check/", "/people/"),
    "lingdao": ("/", "/year/", "/reports/", "/delegations/"),
    "shenji": ("/", "/ledger/", "/powers/"),
    "xitong": ("/", "/people/", "/backups/"),
}  # fmt: skip


def measure(base: str) -> dict[str, list[float]]:
    """Seconds by account and page, each opened several times after once."""
    found: dict[str, list[float]] = {}
    for user, addresses in PAGES.items():
        visitor = Visitor(base)
        visitor.sign_in(user)
        for address in addresses:
            wanted = address
            if address == "CASE":
                link = visitor.get("/cases/?state=open&sort=due").css_first("table a[href^='/cases/']")
                wanted = str(link.attributes["href"]) if link else "/cases/"
            visitor.get(wanted)
            if visitor.status != 200:
                raise SystemExit(f"{user} {wanted}: {visitor.status}")
            times = []
            for _ in range(TIMES):
                visitor.get(wanted)
                times.append(visitor.seconds)
            found[f"{user} {address}"] = times
    return found


def main() -> None:
    """Measure and say it."""
    if len(sys.argv) > 1:
        _say(sys.argv[1])
        return
    with county() as (base, _):
        _say(base)


def _say(base: str) -> None:
    found = measure(base)
    door = Visitor(base)
    peers = []
    for _ in range(TIMES):
        door.get("/login/")
        peers.append(door.seconds)
    times = [seconds for page in found.values() for seconds in page]
    at = share(times, 0.95)
    print(f"{len(found)} pages, {len(times)} answers")
    print(f"half within {share(times, 0.5) * 1000:.0f} ms, 95 % within {at * 1000:.0f} ms")
    print(
        f"limit {LIMIT * 1000:.0f} ms: {at / LIMIT:.0%} of it used; sign-in page {share(peers, 0.5) * 1000:.0f} ms"
    )
    for page, seconds in sorted(found.items(), key=lambda one: -min(one[1]))[:8]:
        print(f"  {page}: fastest {min(seconds) * 1000:.0f} ms, half {share(seconds, 0.5) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
