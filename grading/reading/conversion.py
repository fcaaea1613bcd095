"""Old formats (.doc, .wps): made DOCX by LibreOffice where it is installed; elsewhere they are refused."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 120


def converter() -> str | None:
    """The program that can convert; None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def to_docx(path: Path, folder: Path, seconds: int = SECONDS) -> Path | None:
    """Convert the file at `path` into `folder`; None where that is not possible.

    LibreOffice gets a profile of its own below `folder`, no network proxy and a time limit; macros do not run in
    a conversion without a window.
    """
    program = converter()
    if program is None:
        return None
    profile = (folder / "profile").resolve().as_uri()
    command = [
        program,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--norestore",
        "--convert-to",
        "docx",
        "--outdir",
        str(folder),
        str(path.resolve()),
    ]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    try:
        # The program is found on the machine's own path; the file's name is one argument, no shell. It starts others:
        # a session of its own, so that all of them end when time is up.
        with subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
            start_new_session=True,
        ) as running:
            try:
                running.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                return None
    except OSError:
        return None
    return next(iter(sorted(folder.glob("*.docx"))), None)
