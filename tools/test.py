"""Run all tests: get what they need and the machine lacks, say what was left out; on PostgreSQL those that need a database.

Standard library only. A browser is Debian's chromium (installed when root) or Playwright's own; PostgreSQL is the
machine's or the one packaged on the Python registry; LibreOffice is Debian's. What cannot be had is named at the end,
and only the tests that need it are skipped.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
ROOT_USER = os.geteuid() == 0
ON_POSTGRES = (
    "e2e/test_walk.py",
    "ledger",
    "planning/test_guarding.py",
    "planning/test_importing.py",
    "planning/test_issuing.py",
    "planning/test_matrix.py",
    "planning/test_progress.py",
    "planning/test_whole_year.py",
    "reporting/test_building.py",
    "reporting/test_signing.py",
    "scenarios/test_chain.py",
)  # where queries, locks and triggers are written and one walk through everything; the rest asks through these
OF_THESE_NOT = (
    "--deselect=tests/scenarios/test_chain.py::test_the_same_walk_on_the_command_line",  # with an SQLite file of its own
    *(
        f"--ignore=tests/ledger/test_{name}.py"
        for name in (
            "canonical",
            "comparing",
            "local_lengths",
            "pinyin",
            "scores",
            "sqlitecare",
            "textchanges",
            "words",
        )
    ),
)  # what asks no database, or nothing that depends on which it is


@dataclass
class Provision:
    """What the tests will find, and what was left out with its reason."""

    environment: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def apt_install(*packages: str) -> bool:
    """Install Debian packages when root and apt is there; True when it worked."""
    if not (ROOT_USER and shutil.which("apt-get")):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    print(f"正在安装 {' '.join(packages)} …", flush=True)
    if subprocess.run(command, env=environment, **quiet).returncode == 0:
        return True
    subprocess.run(["apt-get", "update", "-q"], env=environment, **quiet)
    return subprocess.run(command, env=environment, **quiet).returncode == 0


def find_browser(provision: Provision) -> None:
    """Debian's chromium, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None and apt_install("chromium", "fonts-noto-cjk"):
        found = shutil.which("chromium")
    if found is None:
        subprocess.run([PYTHON, "-m", "playwright", "install", "chromium"], capture_output=True)
        script = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
        own = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True).stdout.strip()
        found = own if own and Path(own).exists() else None
    if found is None:
        provision.missing.append("浏览器（chromium）：浏览器测试跳过")
        return
    provision.environment["YIFA_CHROMIUM"] = found


def find_firefox(provision: Provision) -> None:
    """Debian's Firefox, a second browser for a look at every page."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None and apt_install("firefox-esr"):
        found = shutil.which("firefox-esr")
    if found is None:
        provision.missing.append("Firefox：火狐浏览器测试跳过")
        return
    provision.environment["YIFA_FIREFOX"] = found


def find_office(provision: Provision) -> None:
    """LibreOffice, to look at Word files as pages."""
    if shutil.which("soffice") is None and not apt_install("libreoffice-writer"):
        provision.missing.append("LibreOffice：Word 版面测试跳过")


class Postgres:
    """A temporary PostgreSQL cluster on a Unix socket, run as an ordinary user, gone at the end."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="yifa-pg-"))
        self.user = next((u for u in ("postgres", "nobody") if ROOT_USER and _known(u)), None)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str | None:
        """Start it; the address for DATABASE_URL, or None."""
        options: dict[str, object] = {
            "cwd": self.folder,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        }
        if self.user:
            shutil.chown(self.folder, self.user)
            options["user"] = self.user
        data = self.folder / "data"
        init = [
            self.binaries / "initdb",
            "-D",
            data,
            "-U",
            "yifa",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C",
        ]
        if subprocess.run(init, **options).returncode:
            return None
        self.process = subprocess.Popen(
            [self.binaries / "postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=", "-F"],
            **options,
        )
        address = f"postgresql://yifa@/postgres?host={self.folder}"
        for _ in range(100):
            if self.process.poll() is not None:
                return None
            if (self.folder / ".s.PGSQL.5432").exists():
                time.sleep(0.3)
                return address
            time.sleep(0.1)
        return None

    def stop(self) -> None:
        """End the server this object started and remove its folder."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)


def _known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def find_postgres(provision: Provision) -> Postgres | None:
    """The machine's server programs, else the packaged ones; started."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).parent)
    candidates += _packaged_postgres() if not candidates else []
    for binaries in candidates:
        server = Postgres(binaries)
        address = server.start()
        if address:
            provision.environment["YIFA_TEST_POSTGRES"] = address
            return server
        server.stop()
    provision.missing.append("PostgreSQL：只在 SQLite 上测试")
    return None


def _packaged_postgres() -> list[Path]:
    """Server programs from the Python registry, put below the temporary folder where any user may run them."""
    listing = ROOT / "requirements" / "postgres.txt"
    target = (
        Path(tempfile.gettempdir()) / f"yifa-postgres-{hashlib.sha256(listing.read_bytes()).hexdigest()[:12]}"
    )
    if not target.exists():
        print("正在取得 PostgreSQL …", flush=True)
        command = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "-q",
            "--require-hashes",
            "--target",
            target,
            "-r",
            listing,
        ]
        if subprocess.run(command, capture_output=True).returncode:
            shutil.rmtree(target, ignore_errors=True)
            return []
        target.chmod(0o755)
    return [path.parent for path in target.rglob("initdb") if path.is_file()]


def run_tests(arguments: list[str], environment: dict[str, str]) -> int:
    """One run of pytest; its exit status."""
    data = tempfile.mkdtemp(prefix="yifa-tests-")
    command = [PYTHON, "-m", "pytest", "-q", "--durations=40", "--durations-min=2", *arguments]
    try:
        return subprocess.run(
            command, cwd=ROOT, env=os.environ | environment | {"YIFA_DATA": data}
        ).returncode
    finally:
        shutil.rmtree(data, ignore_errors=True)


def main() -> None:
    """Provide, run, report."""
    provision = Provision()
    find_browser(provision)
    find_firefox(provision)
    find_office(provision)
    server = find_postgres(provision)
    given = sys.argv[1:] or [
        "-n",
        str(min(os.cpu_count() or 1, 4)),
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
    ]
    environment = dict(provision.environment)
    failed: list[str] = []
    try:
        print("== 全部测试（SQLite）", flush=True)
        if run_tests(given, environment | {"DATABASE_URL": ""}):
            failed.append("SQLite")
        if server is not None:
            print("== 用到数据库的测试（PostgreSQL）", flush=True)
            there = [f"tests/{place}" for place in ON_POSTGRES]
            address = provision.environment["YIFA_TEST_POSTGRES"]
            if run_tests([*given, *OF_THESE_NOT, *there], environment | {"DATABASE_URL": address}):
                failed.append("PostgreSQL")
    finally:
        if server is not None:
            server.stop()
    for line in provision.missing:
        print(f"未能备齐 {line}")
    if subprocess.run([PYTHON, "-c", "import ray"], capture_output=True).returncode:
        print("未能备齐 Ray：集群测试跳过（要做的话先运行 python tools/setup.py --cluster）")
    if not (ROOT.parent / "shared").is_dir():
        print("未能备齐 shared 文件夹：读真实材料的测试跳过")
    if failed:
        sys.exit(f"有测试未通过：{'、'.join(failed)}")


if __name__ == "__main__":
    main()
