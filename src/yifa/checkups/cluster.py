"""The same work on the machines of a Ray cluster (extra `cluster`): nothing is lost when one of them goes away.

A file's bytes travel with its task, so the machines need no common disk; what they need is the same Yifa, and each
answer says which one found it. On a machine a crew of one works, so that a file that hangs or crashes costs only
itself there too. A task whose machine dies is run again on another; where that fails, here.
"""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from yifa.checkups.crew import SECONDS, Crew
from yifa.checkups.examining import Examiner
from yifa.checkups.order import Item, Order, edition
from yifa.checkups.result import Result
from yifa.checkups.running import Runner
from yifa.law.errors import YifaError
from yifa.reading.load import LARGEST_FILE

BUNDLE = 16  # files in one task
RETRIES = 8  # of a task whose machine went away
ANSWER = 5.0  # seconds a cluster may take to answer
AHEAD = 3  # bundles for each core of the cluster that may be under way or waiting for an older one

Bundle = tuple[Item, ...]
AtHand = Mapping[str, bytes]


def on_cluster(address: str, seconds: float = SECONDS) -> Runner:
    """A runner for check_files.

    `address` is that of a cluster, `auto` for the one that was started on this machine, or `local` for one that is
    started now and ended afterwards.

    Raises:
        YifaError: Ray is not installed; when it runs: the cluster does not answer or has another version of Yifa.
    """
    ray = _ray()

    def run(order: Order, items: Iterator[Item]) -> Iterator[Result]:
        order = replace(order, against=tuple(_carried(item) for item in order.against))
        Examiner(order)  # says here what would fail on every machine
        joined = not ray.is_initialized()
        if joined:
            _join(ray, address)
        try:
            yield from _spread(ray, order, items, seconds)
        finally:
            if joined:
                ray.shutdown()

    return run


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the intranet
    try:
        import ray
    except ImportError as error:
        message = "没有安装 Ray，不能在集群上进行。请运行 python tools/setup.py --cluster，或去掉 --ray 在本机进行。"
        raise YifaError(message, code="no_ray") from error
    return ray


def _join(ray: Any, address: str) -> None:
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, configure_logging=False, include_dashboard=None)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        message = f"连不上 Ray 集群“{address}”。请先在主机上运行 ray start --head，或核对地址。"
        raise YifaError(message, code="no_cluster") from error


def _knock(address: str) -> None:
    """Asks the door before Ray does, which waits for minutes. Raises OSError."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=ANSWER).close()


def _spread(ray: Any, order: Order, items: Iterator[Item], seconds: float) -> Iterator[Result]:
    """Results in order; a window of bundles is under way, the oldest is waited for."""
    examine = ray.remote(num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD")(_examine)
    window = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
    given = ray.put(order)
    under_way: deque[tuple[Bundle, Any]] = deque()
    bundles = iter(lambda: tuple(islice(items, BUNDLE)), ())
    while True:
        for bundle in islice(bundles, window - len(under_way)):
            carried = tuple(_carried(item) for item in bundle)
            under_way.append((bundle, examine.remote(given, carried, _at_hand(bundle), seconds)))
        if not under_way:
            return
        bundle, reference = under_way.popleft()
        try:
            found_by, results = ray.get(reference)
        except ray.exceptions.RayError:  # no machine could do it
            found_by, results = edition(), _here(order, bundle, seconds)
        if found_by != edition():
            message = f"集群里有机器上的依法是另一个版本（{found_by}），本机是 {edition()}。请装成同一版本后再运行。"
            raise YifaError(message, code="edition")
        yield from results


def _carried(item: Item) -> Item:
    """The file with its bytes; without where it cannot be opened or is too large, which reading will say."""
    if item.data is not None:
        return item
    path = Path(item.path)
    try:
        return replace(item, data=path.read_bytes()) if path.stat().st_size <= LARGEST_FILE else item
    except (OSError, ValueError):
        return item


def _at_hand(bundle: Bundle) -> AtHand:
    """The bytes of the files those of the bundle are compared with."""
    paths = {path for item in bundle for path in item.beside}
    carried = (_carried(Item(path)) for path in sorted(paths))
    return {item.path: item.data for item in carried if item.data is not None}


def _examine(order: Order, bundle: Bundle, at_hand: AtHand, seconds: float) -> tuple[str, list[Result]]:
    """On one of the machines: the results and the edition that found them."""
    items = (replace(item, at_hand=_needed(item, at_hand)) for item in bundle)
    return edition(), list(_crew(order, seconds).examine(items))


def _needed(item: Item, at_hand: AtHand) -> tuple[tuple[str, bytes], ...]:
    return tuple((path, at_hand[path]) for path in item.beside if path in at_hand)


@lru_cache(maxsize=1)
def _crew(order: Order, seconds: float) -> Crew:
    """The crew of this Ray worker; its process ends when this one does."""
    return Crew(order, 1, seconds)


def _here(order: Order, bundle: Bundle, seconds: float) -> list[Result]:
    with Crew(order, 1, seconds) as crew, closing(crew.examine(iter(bundle))) as results:
        return list(results)
