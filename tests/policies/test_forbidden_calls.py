"""The deeds that belong in one place only: reading the time, committing, writing a state."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "projects", "agencies", "experts", "grading", "procurement", "web")
OUTSIDE = {"core/embedded_postgres.py", "core/postgres_binaries.py", "web/supervisor.py"}  # they start before any clock
TIME_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def sources():
    return sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def found_in(path: Path, matches) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [f"{path.relative_to(ROOT)}:{node.lineno}" for node in ast.walk(tree) if matches(node)]


def asks_for_time(node) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return (name, node.func.attr) in TIME_CALLS


def commits(node) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"


def commits_a_session(node) -> bool:
    return commits(node) and getattr(node.func.value, "attr", getattr(node.func.value, "id", "")) == "session"


def writes_state(node) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and any(
        isinstance(one, ast.Attribute) and one.attr == "state" for one in targets
    )


@pytest.mark.parametrize(
    ("matches", "allowed"),
    [
        (asks_for_time, {"core/clock.py"} | OUTSIDE),
        (commits_a_session, {"core/unit_of_work.py"}),
        (writes_state, {"core/workflow.py"}),
    ],
    ids=["time", "commit", "state"],
)
def test_the_deed_is_done_in_one_place(matches, allowed):
    elsewhere = [place for path in sources() for place in found_in(path, matches) if place.split(":")[0] not in allowed]
    assert elsewhere == []


def test_only_those_who_make_a_unit_of_work_commit_it():
    makers = {
        "core/unit_of_work.py", "core/http/guard.py", "core/jobs/worker.py", "core/demo/cli.py", "core/identity/cli.py",
    }  # fmt: skip
    places = {place.split(":")[0] for path in sources() for place in found_in(path, commits)}
    assert {one for one in places - makers if not one.startswith(("web/", "core/embedded"))} == set()


def test_the_search_finds_what_it_looks_for():
    tree = ast.parse("row.state = 1\nsession.commit()\ndatetime.now()\n")
    assert [
        any(check(node) for node in ast.walk(tree)) for check in (writes_state, commits_a_session, asks_for_time)
    ] == [True] * 3
