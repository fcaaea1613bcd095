"""The guard before every view: load the subject, ask for the permission, run the view, commit.

A route without `requires` (or a place on the short public list made by `public`) stops the application from starting.
What the actor may not even know of answers 404; what they may see but not do, 403 with the reason.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from flask import Flask, make_response
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from core.errors import Forbidden, NotVisible
from core.http.work import current_work
from core.i18n import _l
from core.permissions import Permission, anyone, policy
from core.wording import speak, wording_for

View = Callable[..., ResponseReturnValue]
Loader = Callable[..., Any]


class SignInNeeded(Exception):
    """Nobody is signed in and the page needs somebody; the shell keeps what was typed and asks for sign-in."""


def requires(
    permission: Permission, load: Loader | None = None, *, see: Permission | None = None
) -> Callable[[View], View]:
    """Guard a view by a permission.

    `load(uow, **some of the URL's values)` returns the subject or None; the view is called as
    `view(uow, subject, **rest)` (or `view(uow, **values)` without a loader). `see` is the permission to know that the
    subject exists: without it the answer is 404.
    """
    wanted = _arguments(load) if load else frozenset()

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(**values: Any) -> Response:
            uow = current_work()
            arguments: list[Any] = [uow]
            subject = None
            if load is not None:
                subject = load(uow, **{name: values.pop(name) for name in wanted if name in values})
                if subject is None:
                    raise NotVisible
                arguments.append(subject)
            speak(wording_for(subject))
            _check(permission, see, subject)
            response = make_response(view(*arguments, **values))
            uow.end(keep=response.status_code < 400)
            return response

        guarded.permission = permission  # type: ignore[attr-defined]  # read by routes_of and the access tests
        guarded.see = see  # type: ignore[attr-defined]  # the same
        guarded.has_subject = load is not None  # type: ignore[attr-defined]  # the same
        return guarded

    return wrap


def _check(permission: Permission, see: Permission | None, subject: Any) -> None:
    actor = current_work().actor
    decision = policy.decide(actor, permission, subject)
    if decision:
        return
    if actor.is_anonymous:
        raise SignInNeeded
    if see is not None and not policy.allows(actor, see, subject):
        raise NotVisible
    raise Forbidden(decision.reason)


def _arguments(load: Loader) -> frozenset[str]:
    names = list(inspect.signature(load).parameters)
    return frozenset(names[1:])


class Public(Permission):
    """The one permission everybody has: pages the law or courtesy opens to all."""

    READ = "public:read", _l("阅读公开内容")


PUBLIC_POLICY = {Public.READ: ((anyone,),)}


def public(view: View) -> View:
    """Declare a view open to everybody."""
    return requires(Public.READ)(view)


def undeclared(app: Flask) -> list[str]:
    """Return the endpoints that declare no permission, or one that no package's map knows."""
    missing = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        permission = getattr(view, "permission", None)
        if rule.endpoint == "static":
            continue
        if permission is None or permission not in policy:
            missing.append(rule.endpoint)
    return sorted(set(missing))
