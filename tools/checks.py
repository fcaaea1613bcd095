"""Everything `make check` looks at: `tools/checks.py`. All checks run even if one fails; the status is 1 if any did."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style of the code", (PYTHON, "-m", "ruff", "check", ".")),
    ("layout of the code", (PYTHON, "-m", "ruff", "format", "--check", ".")),
    ("types", (PYTHON, "-m", "mypy", ".")),
    ("directions between the rooms", (str(BIN / "lint-imports"), "--no-logo")),
    ("templates", (PYTHON, "-m", "djlint", "templates", "--lint", "--quiet")),
    ("spelling", (PYTHON, "-m", "codespell_lib")),
    ("house rules", (PYTHON, "tools/house_rules.py")),
    ("translations", (PYTHON, "tools/translations.py", "check")),
    ("migrations", (PYTHON, "tools/check_migrations.py")),
)


def main() -> int:
    """Run all checks, or those whose name holds one of the words given; return 1 if any failed."""
    words = sys.argv[1:]
    failed = []
    for name, command in CHECKS:
        if words and not any(word in name for word in words):
            continue
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(f"   {'good' if status == 0 else 'FAULT'}, {time.monotonic() - began:.1f} s", flush=True)
        if status != 0:
            failed.append(name)
    print(f"\nfaults in: {', '.join(failed)}" if failed else "\nall checks are good", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
