"""Set up Yifa in .venv: Python packages from the locked lists, the package itself, the front-end files.

Runs on the bare system Python (standard library only), shows what it does, and does nothing twice: what was
installed is remembered by the digest of the lists it came from.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


def fail(text: str) -> None:
    """Say what went wrong and how to mend it, and stop."""
    print(f"错误：{text}", file=sys.stderr)
    sys.exit(2)


def make_environment() -> None:
    """Create .venv; where Debian's Python lacks ensurepip, get it or fall back to virtualenv."""
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    ):
        return
    say("正在建立 Python 运行环境 .venv …")
    attempts = [[sys.executable, "-m", "venv", str(VENV)]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts += [
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"],
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
        ]
    attempts += [
        [sys.executable, "-m", "pip", "install", "--quiet", "--user", "virtualenv"],
        [sys.executable, "-m", "virtualenv", "--quiet", "--clear", str(VENV)],
    ]
    for command in attempts:
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode == 0 and (VENV / "bin" / "pip").exists():
            return
    fail("无法建立 .venv。请先安装 Python 的 venv 组件（Debian/Ubuntu：apt install python3-venv）后重试。")


def install(name: str) -> None:
    """Install one locked list from requirements/, once for each state of the list."""
    listing = ROOT / "requirements" / f"{name}.txt"
    digest = hashlib.sha256(listing.read_bytes()).hexdigest()
    stamp = VENV / f".installed-{name}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    count = sum(1 for line in listing.read_text().splitlines() if "==" in line)
    say(f"正在安装 Python 组件（{listing.name}，{count} 个），首次约需一分钟 …")
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--require-hashes"]
    if name != "base":
        command.append("--no-deps")
    if subprocess.run([*command, "-r", listing]).returncode:
        fail(f"安装 {listing.name} 失败，请检查网络与软件源设置后重试（已安装的部分会保留）。")
    stamp.write_text(digest)


def install_package() -> None:
    """Put the `yifa` command into .venv, pointing at this checkout."""
    stamp = VENV / ".installed-yifa"
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest and (VENV / "bin" / "yifa").exists():
        return
    say("正在安装 yifa 命令 …")
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-deps"]
    if subprocess.run([*command, "--no-build-isolation", "-e", str(ROOT)]).returncode:
        fail("安装 yifa 命令失败，请把上面的输出发给维护者。")
    stamp.write_text(digest)


def compile_package() -> None:
    """Compile what changed, so that no start has to: not even where Python is told to write nothing beside its files."""
    subprocess.run([PYTHON, "-m", "compileall", "-q", ROOT / "src" / "yifa"], check=False)


def main() -> None:
    """Set up what was asked for."""
    parser = argparse.ArgumentParser(description="安装依法（Yifa）")
    parser.add_argument("--dev", action="store_true", help="连同测试与检查所需组件")
    parser.add_argument("--bench", action="store_true", help="连同性能对比所需组件")
    parser.add_argument("--cluster", action="store_true", help="连同在多台机器上体检所需组件（Ray）")
    options = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036  the system Python may be older than the package allows
        fail(f"需要 Python 3.11 或更高版本，当前为 {sys.version.split()[0]}。")
    make_environment()
    install("base")
    if options.dev or options.bench:
        install("dev")
    if options.bench:
        install("bench")
    if options.cluster:
        install("cluster")
    install_package()
    compile_package()
    frontend = [PYTHON, ROOT / "tools" / "frontend.py", *(["--dev"] if options.dev else [])]
    if subprocess.run(frontend).returncode:
        fail("网页组件未能装好，原因见上。")


if __name__ == "__main__":
    main()
