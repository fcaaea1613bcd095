"""The front door, the to-do home, search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.http.guard import public, requires
from core.http.lists import asked
from core.i18n import LANGUAGES, Text, _l
from core.identity.permissions import HousePermission
from core.pages.safe_next import safe_next
from core.ports import Task, registry
from core.unit_of_work import UnitOfWork

home = Blueprint("home", __name__)


FOLDED_FROM = 4
"""So many tasks of one kind in one stretch of time stand folded under their title, so that the rest stays in sight."""


@dataclass(frozen=True)
class TaskPile:
    """The tasks that are due in one stretch of time, under its title."""

    title: Text
    tasks: list[Task]

    @property
    def kinds(self) -> list[list[Task]]:
        """The tasks in their order, those of one kind together where there are many of them, where the first stood."""
        alike: dict[str, list[Task]] = {}
        for task in self.tasks:
            alike.setdefault(str(task.title), []).append(task)
        found: list[list[Task]] = []
        for task in self.tasks:
            same = alike[str(task.title)]
            if len(same) < FOLDED_FROM:
                found.append([task])
            elif same[0] is task:
                found.append(same)
        return found


@home.get("/")
@public
def front(uow: UnitOfWork) -> ResponseReturnValue:
    """Lead signed-in people to their work and others to the public page."""
    if not uow.actor.is_anonymous:
        return redirect(url_for("home.index"))
    return render_template("core/front.html", links=sorted(registry.public_pages, key=lambda one: one.order))


@home.get("/home")
@requires(HousePermission.ENTER)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """Show what this person has to do, by due date, what they wait for, and their figures."""
    tasks = [task for source in registry.task_sources for task in source(uow)]
    figures = [figure for source in registry.figure_sources for figure in source(uow)]
    return render_template("core/home.html", groups=group_tasks(uow, tasks), figures=figures)


def group_tasks(uow: UnitOfWork, tasks: list[Task]) -> list[TaskPile]:
    """Sort tasks into late, today, this week (until Sunday, Shanghai), later and waiting for others."""
    sunday = uow.today + timedelta(days=6 - uow.today.weekday())
    late: list[Task] = []
    today: list[Task] = []
    week: list[Task] = []
    later: list[Task] = []
    waiting: list[Task] = []
    for task in sorted(tasks, key=lambda one: (one.due_at is None, one.due_at or uow.now)):
        day = task.due_at.astimezone(SHANGHAI).date() if task.due_at else None
        if task.group == "waiting":
            waiting.append(task)
        elif task.due_at is not None and task.due_at < uow.now:
            late.append(task)
        elif day == uow.today:
            today.append(task)
        elif day is not None and day <= sunday:
            week.append(task)
        else:
            later.append(task)
    titled = [
        (_l("已逾期"), late),
        (_l("今天"), today),
        (_l("本周"), week),
        (_l("以后"), later),
        (_l("等待他人"), waiting),
    ]
    return [TaskPile(title, pile) for title, pile in titled if pile]


@home.get("/search")
@requires(HousePermission.ENTER)
def search(uow: UnitOfWork) -> ResponseReturnValue:
    """Search everything this person may see."""
    text = asked("q")[:100]
    hits = [hit for source in registry.search_sources for hit in source(uow, text)] if text else []
    return render_template("core/search.html", text=text, hits=hits)


@home.post("/language")
@public
def language(_uow: UnitOfWork) -> ResponseReturnValue:
    """Switch the language and stay on the page."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(safe_next(request.form.get("next") or request.referrer, fallback=url_for("home.front")))
