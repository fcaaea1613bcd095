"""One POST route per workflow: fires a transition by name, so that buttons and routes cannot disagree."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from core.http.guard import Loader, requires
from core.i18n import _
from core.permissions import Permission
from core.unit_of_work import UnitOfWork
from core.workflow import Workflow


def add_transitions(
    blueprint: Blueprint,
    workflow: Workflow[Any],
    load: Loader,
    *,
    prefix: str,
    see: Permission,
    location: Any,
) -> None:
    """Add `POST {prefix}/do/<name>` to the blueprint; `location(subject)` is where to go afterwards.

    The route asks for `see`; the workflow itself asks for the transition's own permission.
    """

    @requires(see, load, see=see)
    def fire(uow: UnitOfWork, subject: Any, name: str) -> ResponseReturnValue:
        if name not in workflow or not workflow[name].is_manual:
            abort(404)
        workflow.fire(uow, subject, name, reason=(request.form.get("reason") or "").strip() or None)
        flash(_("已%(verb)s。现在的状态：%(state)s", verb=workflow[name].verb, state=subject.state.label), "success")
        return redirect(location(subject))

    blueprint.add_url_rule(f"{prefix}/do/<name>", f"do_{workflow.noun}", fire, methods=["POST"])
