"""A permission is data: one readable map per package, deny by default.

A permission is allowed when any clause of it holds; a clause holds when all its predicates do. Predicates are small,
named in words, and may read the subject's state: so the separation of duties that the law asks for is policy, not code
in views. The roles matrix page, the documentation and the access tests are generated from the same map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from core.i18n import Text, _, _l
from core.identity.actor import Actor
from core.identity.roles import Role


class Permission(StrEnum):
    """A thing one may do: `PUBLISH = "tender:publish", _l("发布采购公告")`."""

    title_text: Text

    def __new__(cls, value: str, title: Text = "") -> Self:
        """Make the member from its stored value and its words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.title_text = title
        return member

    @property
    def label(self) -> Text:
        """What the permission lets one do, in words."""
        return self.title_text


@dataclass(frozen=True)
class Predicate:
    """A question about actor and subject, with the words that say it ("是本项目的采购经办人")."""

    says: Text
    holds: Callable[[Actor, Any], bool]
    roles: frozenset[Role] | None = None
    """The roles that can satisfy it, for the matrix page; None where it is not about roles."""


Clause = tuple[Predicate, ...]
PolicyMap = Mapping[Any, Sequence[Clause]]
"""A package's map. `Any`, because a mapping is invariant in its keys and every package has its own enum."""


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed and, if not, the first condition that fails in the clause that came closest."""

    allowed: bool
    reason: Text = ""

    def __bool__(self) -> bool:
        return self.allowed


def predicate(says: Text) -> Callable[[Callable[[Actor, Any], bool]], Predicate]:
    """Turn a function `(actor, subject) -> bool` into a predicate that says what it asks."""

    def wrap(function: Callable[[Actor, Any], bool]) -> Predicate:
        return Predicate(says, function)

    return wrap


def role(*roles: Role) -> Predicate:
    """The actor holds one of these roles, in any organisation."""
    wanted = frozenset(roles)
    return Predicate(
        _l("须为：%(roles)s", roles=_RoleNames(roles)), lambda actor, _subject: actor.has(*wanted), roles=wanted
    )


class _RoleNames:
    """The roles' titles joined when shown, so that they appear in the reader's language."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._roles = roles

    def __str__(self) -> str:
        return str(_("、")).join(str(one.label) for one in self._roles)


anyone = Predicate(_l("任何人"), lambda _actor, _subject: True)
signed_in = Predicate(_l("须先登录"), lambda actor, _subject: not actor.is_anonymous)
system = Predicate(_l("仅系统自动执行"), lambda actor, _subject: actor.is_system)


class Policy:
    """All packages' maps together. An unknown permission is refused."""

    def __init__(self) -> None:
        self._map: dict[Permission, Sequence[Clause]] = {}

    def extend(self, package_map: PolicyMap) -> None:
        """Add a package's map; a permission may be declared once only."""
        for permission, clauses in package_map.items():
            known = self._map.get(permission)
            if known is not None and known is not clauses:
                raise RuntimeError(f"permission {permission} is declared twice")
            self._map[permission] = clauses

    def __contains__(self, permission: Permission) -> bool:
        return permission in self._map

    def items(self) -> list[tuple[Permission, Sequence[Clause]]]:
        """Every permission with its clauses, in order of name."""
        return sorted(self._map.items(), key=lambda item: str(item[0]))

    def decide(self, actor: Actor, permission: Permission, subject: Any = None) -> Decision:
        """Decide whether the actor may do this to the subject; deny by default."""
        best: tuple[int, Text] = (-1, _l("没有权限"))
        for clause in self._map.get(permission, ()):
            for position, one in enumerate(clause):
                if not one.holds(actor, subject):
                    if position > best[0]:
                        best = (position, one.says)
                    break
            else:
                return Decision(allowed=True)
        return Decision(allowed=False, reason=best[1])

    def allows(self, actor: Actor, permission: Permission, subject: Any = None) -> bool:
        """Whether the actor may do this to the subject."""
        return self.decide(actor, permission, subject).allowed


policy = Policy()
"""The application's policy, filled by each package's `register(app)`."""
