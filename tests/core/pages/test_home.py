"""The home page keeps the most urgent in sight: many tasks of one kind stand folded, none is left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.pages.home import FOLDED_FROM, TaskPile
from core.ports import Task


def pile(titles):
    return TaskPile("以后", [Task(title, f"第{number}件", f"/{number}") for number, title in enumerate(titles)])


@given(st.lists(st.sampled_from("甲乙丙丁")))
def test_every_task_stands_once_and_only_many_alike_are_folded(titles):
    kinds = pile(titles).kinds
    assert sorted(task.url for kind in kinds for task in kind) == sorted(f"/{number}" for number in range(len(titles)))
    assert all(len(kind) == 1 or len(kind) >= FOLDED_FROM for kind in kinds)
    assert all(len({task.title for task in kind}) == 1 for kind in kinds)
    firsts = [int(kind[0].url[1:]) for kind in kinds]
    assert firsts == sorted(firsts), "a kind stands where its first task stood"


def test_four_alike_are_folded_and_three_are_not():
    assert [len(kind) for kind in pile("甲乙甲甲甲").kinds] == [4, 1]
    assert [len(kind) for kind in pile("甲乙甲甲").kinds] == [1, 1, 1, 1]
