"""Pages of the documentation that are generated from the application, so that they cannot be out of date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from core.identity.matrix import permission_matrix
from core.identity.roles import Role
from core.settings import ROOT
from core.workflow import mermaid, workflows
from web.rule_places import rule_places_page

docs_cli = AppGroup("docs", help="Generated pages of the documentation.")
FOLDER = ROOT / "docs"


def permissions_page() -> str:
    """Return the roles matrix as Markdown: every permission, its conditions in words, the roles that can have it."""
    lines = [
        "# Permissions",
        "",
        "Generated from the policy by `flask docs write`; do not edit. A role is listed where it can satisfy a clause;",
        "clauses are alternatives, the conditions of one clause hold together.",
        "",
        "| Permission | What it lets one do | Roles | Under which conditions |",
        "| --- | --- | --- | --- |",
    ]
    for row in permission_matrix():
        everyone = row.everybody or row.roles == frozenset(Role)
        roles = "所有角色" if everyone else "、".join(str(one.label) for one in Role if one in row.roles)
        clauses = "<br>或者 ".join("，并且".join(str(one) for one in clause) for clause in row.clauses)
        lines.append(f"| `{row.permission}` | {row.permission.label} | {roles} | {clauses} |")
    return "\n".join(lines) + "\n"


def workflows_page() -> str:
    """Return every workflow as a table and a Mermaid diagram."""
    parts = ["# Workflows\n\nGenerated from the declarations by `flask docs write`; do not edit.\n"]
    for noun in sorted(workflows):
        workflow = workflows[noun]
        parts.append(
            f"\n## {workflow.title} (`{noun}`)\n\n```mermaid\n{mermaid(workflow)}```\n\n"
            "| State | 状态 |\n| --- | --- |\n"
        )
        parts += [f"| `{state}` | {state.label} |\n" for state in workflow.states]
        parts.append("\n| Transition | 动作 | Permission |\n| --- | --- | --- |\n")
        parts += [f"| `{one.name}` | {one.verb} | `{one.permission}` |\n" for one in workflow.transitions]
    return "".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "permissions.md": permissions_page,
    "workflows.md": workflows_page,
    "rules-in-code.md": rule_places_page,
}


def stale_pages(folder: Path = FOLDER) -> list[str]:
    """Return the generated pages that are missing or differ from what the application says now."""
    with current_app.test_request_context():
        return [
            name
            for name, page in PAGES.items()
            if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != page()
        ]


@docs_cli.command("write")
@click.option("--check", is_flag=True, help="Only say which pages are out of date; exit 1 if any is.")
def write_command(*, check: bool) -> None:
    """Write the generated pages of the documentation."""
    stale = stale_pages()
    for name in stale:
        if not check:
            with current_app.test_request_context():
                (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        click.echo(f"{'out of date' if check else 'written'}: docs/{name}")
    if check and stale:
        raise click.exceptions.Exit(1)
