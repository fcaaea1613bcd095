"""Every state of every workflow against every transition: what may be fired moves, everything else changes nothing."""

from __future__ import annotations

import dataclasses
import types
import uuid

import pytest

from core.errors import Refused
from core.permissions import policy
from core.workflow import Workflow, mermaid, workflows


@pytest.fixture
def all_workflows(app):
    """Every workflow, once all rooms have registered."""
    found = {noun: one for noun, one in workflows.items() if not noun.startswith("test_")}
    assert found, "no room declares a workflow"
    return found


def unguarded(workflow: Workflow) -> Workflow:
    """The same workflow without guards, which need real rows."""
    copy = Workflow(
        noun=f"test_{workflow.noun}",
        title=workflow.title,
        initial=workflow.initial,
        transitions=tuple(dataclasses.replace(one, guards=()) for one in workflow.transitions),
    )
    del workflows[copy.noun]
    return copy


def test_every_state_and_transition(all_workflows, uow, monkeypatch):
    monkeypatch.setattr(type(uow), "lock", lambda _self, _subject: None)
    tried = 0
    for workflow in all_workflows.values():
        machine = unguarded(workflow)
        for state in machine.states:
            for transition in machine.transitions:
                subject = types.SimpleNamespace(id=uuid.uuid4(), state=state)
                tried += 1
                if state in transition.sources:
                    machine.fire(uow, subject, transition.name, reason="because", as_system=True)
                    assert subject.state is transition.target
                else:
                    with pytest.raises(Refused):
                        machine.fire(uow, subject, transition.name, reason="because", as_system=True)
                    assert subject.state is state
    assert tried > 0


def test_a_reason_is_asked_for_where_one_is_needed(all_workflows, uow, monkeypatch):
    monkeypatch.setattr(type(uow), "lock", lambda _self, _subject: None)
    for workflow in all_workflows.values():
        machine = unguarded(workflow)
        for transition in (one for one in machine.transitions if one.needs_reason):
            subject = types.SimpleNamespace(id=uuid.uuid4(), state=next(iter(transition.sources)))
            with pytest.raises(Refused):
                machine.fire(uow, subject, transition.name, reason="  ", as_system=True)


def test_every_transitions_permission_is_known_to_a_policy(all_workflows):
    unknown = [
        f"{noun}.{one.name}"
        for noun, workflow in all_workflows.items()
        for one in workflow.transitions
        if one.permission not in policy
    ]
    assert unknown == []


def test_every_state_can_be_reached(all_workflows):
    for noun, workflow in all_workflows.items():
        reached = {workflow.initial}
        while more := {one.target for one in workflow.transitions if one.sources & reached} - reached:
            reached |= more
        assert reached == set(workflow.states), f"{noun}: some states cannot be reached"


def test_the_diagram_shows_every_transition(all_workflows):
    for workflow in all_workflows.values():
        drawn = mermaid(workflow)
        assert all(f": {one.name}\n" in drawn for one in workflow.transitions)
