"""Check that the migrations make exactly what the models say: `tools/check_migrations.py`.

On an empty scratch database: all the way up, compared with the models, all the way down again, and up once more. The
server is the tests' own, never the one with data.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.embedded_postgres import EmbeddedPostgres  # noqa: E402 - the project must be on the path first
from core.postgres_binaries import DatabaseNotStarted  # noqa: E402 - the same

STEPS = (
    ("there is one newest migration", ("db", "heads")),
    ("an empty database comes up to date", ("db", "upgrade")),
    ("the tables are what the models say", ("db", "check")),
    ("every migration can be undone", ("db", "downgrade", "base")),
    ("and be done again", ("db", "upgrade")),
)


def main() -> int:
    """Run the steps; return 1 at the first that fails, after what it said."""
    var = ROOT / "var" / "test"
    server = EmbeddedPostgres(var, durable=False)
    name = f"migrations_{os.getpid()}"
    try:
        server.start()
    except DatabaseNotStarted as reason:
        print(reason, file=sys.stderr)
        return 1
    try:
        server.drop_database(name)
        server.ensure_database(name)
        url = server.owner_url(name)
        env = {**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "HENGPING_VAR": str(var)}
        env["HENGPING_EMBEDDED_DATABASE"] = "1"
        return 0 if all(holds(sentence, words, env) for sentence, words in STEPS) else 1
    finally:
        server.drop_database(name)
        server.stop()


def holds(sentence: str, words: tuple[str, ...], env: dict[str, str]) -> bool:
    """Run one command of the application and say how it went."""
    command = [sys.executable, "-m", "flask", "--app", "app", *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    if words == ("db", "heads"):
        heads = [line for line in done.stdout.splitlines() if "(head)" in line]
        good = good and len(heads) == 1
    print(f"{'good ' if good else 'FAULT'} {sentence}")
    if not good:
        print(done.stdout[-4000:] + done.stderr[-4000:], file=sys.stderr)
    return good


if __name__ == "__main__":
    sys.exit(main())
