"""A workflow is data, and only `Workflow.fire` writes a state.

From one declaration come the routes, the buttons with the reason why one is not yet possible, the audit entry, the
tests over every state and transition, and the diagrams in the documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from core.errors import Forbidden, Refusal, Refused
from core.events import publish
from core.i18n import Text, _l
from core.permissions import Permission, policy
from core.states import State
from core.unit_of_work import Subject, UnitOfWork


class Stateful(Subject, Protocol):
    """A row with an id and a state."""

    state: Any


T = TypeVar("T", bound=Stateful)
Guard = Callable[[UnitOfWork, Any], Refusal | None]
"""Answers why the transition is not possible now, or None."""


@dataclass(frozen=True)
class Transition:
    """One way from some states to another; `verb` is the word on its button, `confirm` the question asked before."""

    name: str
    sources: frozenset[State]
    target: State
    permission: Permission
    verb: Text
    guards: tuple[Guard, ...] = ()
    confirm: Text = ""
    needs_reason: bool = False
    primary: bool = False
    stamp: str | None = None
    """The column that keeps the instant at which it was fired, e.g. `published_at`."""
    is_manual: bool = True
    """False for a step that a service fires as part of another deed; it gets no button of its own."""


@dataclass(frozen=True)
class Option:
    """A transition as offered to an actor: possible, or not yet, with the reasons."""

    transition: Transition
    refusals: tuple[Refusal, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether it can be fired now."""
        return not self.refusals


@dataclass(frozen=True)
class TransitionFired:
    """A state changed; published by every workflow after the state was written."""

    workflow: str
    name: str
    subject: Any
    source: State
    target: State
    reason: str | None


@dataclass(frozen=True)
class Workflow(Generic[T]):
    """The state machine of one noun. `noun` is its subject type in the audit log, e.g. `tender`."""

    noun: str
    title: Text
    initial: State
    transitions: tuple[Transition, ...]
    _by_name: Mapping[str, Transition] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = {transition.name: transition for transition in self.transitions}
        if len(names) != len(self.transitions):
            raise RuntimeError(f"workflow {self.noun}: a transition's name occurs twice")
        object.__setattr__(self, "_by_name", names)
        workflows[self.noun] = self

    def __getitem__(self, name: str) -> Transition:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @property
    def states(self) -> list[State]:
        """Every state the noun can have, in the order of their declaration."""
        return list(type(self.initial))

    def refusals(self, uow: UnitOfWork, subject: T, transition: Transition) -> tuple[Refusal, ...]:
        """Every reason why the transition is not possible now, apart from permission."""
        if subject.state not in transition.sources:
            return (Refusal(_l("“%(state)s”状态下不能%(verb)s", state=_Lazy(subject.state), verb=transition.verb)),)
        found = (guard(uow, subject) for guard in transition.guards)
        return tuple(refusal for refusal in found if refusal is not None)

    def options(self, uow: UnitOfWork, subject: T) -> list[Option]:
        """What the actor is allowed to do from here, possible or not yet; primary ones first."""
        offered = [
            Option(transition, self.refusals(uow, subject, transition))
            for transition in self.transitions
            if transition.is_manual
            and subject.state in transition.sources
            and policy.allows(uow.actor, transition.permission, subject)
        ]
        return sorted(offered, key=lambda option: (not option.possible, not option.transition.primary))

    def fire(
        self,
        uow: UnitOfWork,
        subject: T,
        name: str,
        *,
        reason: str | None = None,
        detail: Mapping[str, Any] | None = None,
        assign: Mapping[str, Any] | None = None,
        as_system: bool = False,
    ) -> None:
        """Move the subject to the transition's target, or refuse and change nothing.

        The row is locked first, so two people cannot both fire. Writes the audit entry `noun.name` and publishes
        `TransitionFired`. `assign` are columns that the step fills together with the state (CHECK constraints tie them
        to it); `as_system` skips the permission for a step that another, permitted deed implies.

        Raises `Forbidden` without the permission, `Refused` with every reason in a wrong state or when a guard says no.
        """
        transition = self._by_name[name]
        uow.lock(subject)
        if not as_system:
            decision = policy.decide(uow.actor, transition.permission, subject)
            if not decision:
                raise Forbidden(decision.reason)
        refusals = self.refusals(uow, subject, transition)
        if transition.needs_reason and not (reason or "").strip():
            refusals = (*refusals, Refusal(_l("请填写理由"), field="reason"))
        if refusals:
            raise Refused(*refusals)
        source, now = subject.state, uow.now
        subject.state = transition.target
        if transition.stamp is not None:
            setattr(subject, transition.stamp, now)
        for column, value in (assign or {}).items():
            setattr(subject, column, value)
        uow.record(
            f"{self.noun}.{name}",
            subject,
            before={"state": str(source)},
            after={"state": str(transition.target)},
            detail=dict(detail or {}),
            reason=reason,
        )
        publish(uow, TransitionFired(self.noun, name, subject, source, transition.target, reason))


class _Lazy:
    """A state's word, looked up when shown."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __str__(self) -> str:
        return str(self._state.label)


workflows: dict[str, Workflow[Any]] = {}
"""Every workflow of the application by noun, for generated tests, routes and diagrams."""


def mermaid(workflow: Workflow[Any]) -> str:
    """Draw the workflow as a Mermaid state diagram (documentation; checked for staleness)."""
    lines = ["stateDiagram-v2", f"    [*] --> {_name(workflow.initial)}"]
    for transition in workflow.transitions:
        lines += [
            f"    {_name(source)} --> {_name(transition.target)}: {transition.name}"
            for source in _ordered(transition.sources, workflow)
        ]
    return "\n".join(lines) + "\n"


def _name(state: State) -> str:
    return str(state).replace("-", "_")


def _ordered(states: Iterable[State], workflow: Workflow[Any]) -> list[State]:
    order = workflow.states
    return sorted(states, key=order.index)
