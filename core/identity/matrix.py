"""The roles matrix, generated from the policy: which role can do what, under which conditions."""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import Text
from core.identity.roles import Role
from core.permissions import Clause, Permission, anyone, policy, signed_in


@dataclass(frozen=True)
class MatrixRow:
    """One permission: its clauses in words, and for each role whether it can ever have it."""

    permission: Permission
    clauses: tuple[tuple[Text, ...], ...]
    roles: frozenset[Role]
    everybody: bool
    conditional: bool


def permission_matrix() -> list[MatrixRow]:
    """Return every permission with the roles that can satisfy it.

    A condition on the subject is not about roles: a role that no clause excludes is shown as possible, under condition.
    """
    return [
        MatrixRow(
            permission,
            tuple(tuple(one.says for one in clause) for clause in clauses),
            frozenset(one for one in Role if any(_possible(clause, one) for clause in clauses)),
            any(clause == (anyone,) for clause in clauses),
            not any(_unconditional(clause) for clause in clauses),
        )
        for permission, clauses in policy.items()
    ]


def _possible(clause: Clause, one: Role) -> bool:
    named = [part.roles for part in clause if part.roles is not None]
    if named:
        return all(one in roles for roles in named)
    return True


def _unconditional(clause: Clause) -> bool:
    return all(part.roles is not None or part in (anyone, signed_in) for part in clause)
