"""Two nodes of a Ray cluster on this machine; one is killed on the way and nothing is lost."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.checkups import trouble
from tests.checkups.conftest import report
from tests.checkups.processes import descendants
from yifa.checkups import Item, Order, Unread, check_files
from yifa.checkups.cluster import on_cluster
from yifa.law.errors import YifaError

ray = pytest.importorskip("ray", reason="没有安装 Ray：集群测试跳过（python tools/setup.py --cluster）")

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.xdist_group("cluster"),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]
STORE = 80 << 20  # bytes of shared memory for a node


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head with one core, joined; more nodes are the test's."""
    from ray.cluster_utils import Cluster

    root = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", f"{root / 'src'}{os.pathsep}{root}")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    running = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": STORE})
    try:
        ray.init(address=running.address, log_to_driver=False)
        yield running
    finally:
        ray.shutdown()
        running.shutdown()


def processes(node: Any) -> list[int]:
    return [info.process.pid for infos in node.all_processes.values() for info in infos]


def test_a_node_dies_and_nothing_is_lost(cluster: Any, tmp_path: Path) -> None:
    second = cluster.add_node(num_cpus=1, object_store_memory=STORE)
    cluster.wait_for_nodes()
    paths = []
    for number in range(600):
        path = tmp_path / f"{number:03d}.txt"
        path.write_text(report(number) * (1 + number % 3), encoding="utf-8")
        paths.append(path)

    results = check_files(paths, runner=on_cluster("auto"))
    found = [next(results) for _ in range(48)]
    raylet = next(infos[0].process.pid for kind, infos in second.all_processes.items() if kind == "raylet")
    assert any("yifa" in _command(pid) or "forkserver" in _command(pid) for pid in descendants(raylet))
    for pid in processes(second):
        os.kill(pid, signal.SIGKILL)
    found += results
    assert found == list(check_files(paths, jobs=0))
    deadline = time.monotonic() + 30
    while sum(node["Alive"] for node in ray.nodes()) > 1 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert sum(node["Alive"] for node in ray.nodes()) == 1


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_bad_files_cost_only_themselves_there_too(cluster: Any, files: list[Path], tmp_path: Path) -> None:
    items = [Item(str(path)) for path in files[:4]]
    items[2:2] = [trouble.item("hang"), trouble.item("crash"), Item(str(tmp_path / "没有.txt"))]
    order = Order(whole=True, against=(Item(str(files[7])),))
    results = list(check_files(items, order, runner=on_cluster("auto", seconds=2)))
    assert [result.path for result in results] == [item.path for item in items]
    assert [result.code for result in results if isinstance(result, Unread)] == [
        "timeout",
        "crashed",
        "missing",
    ]
    good = [result for result in results if not isinstance(result, Unread)]
    assert good == list(check_files(files[:4], order, jobs=0))


def test_neighbours_and_journal_work_there(cluster: Any, files: list[Path], tmp_path: Path) -> None:
    items = [Item(str(path), beside=(str(files[0]),)) for path in files[6:12]]
    journal = tmp_path / "进度.jsonl"
    there = list(check_files(items, runner=on_cluster("auto"), journal=journal))
    assert there == list(check_files(items, jobs=0))
    assert there == list(check_files(items, jobs=0, journal=journal))


def test_another_edition_in_the_cluster_is_refused(
    cluster: Any, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yifa.checkups.cluster.edition", lambda: "9.9.9-ffff")
    with pytest.raises(YifaError, match="另一个版本"):
        list(check_files(files, runner=on_cluster("auto")))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "nowhere.invalid:6379"])
def test_no_cluster_is_said_at_once(address: str, files: list[Path]) -> None:
    begun = time.monotonic()
    with pytest.raises(YifaError, match="连不上 Ray 集群"):
        list(check_files(files, runner=on_cluster(address)))
    assert time.monotonic() - begun < 30
