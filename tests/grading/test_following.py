"""Findings followed from version to version: what was put right, what still stands, what is new."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grading.following import LEAST, Said, follow, likeness

SUM = Said(
    "money-sum",
    "总数写为1,012.38万元，而所列各项相加为1,048.38万元（742.16万元 + 306.22万元），请核对。",
    ("1,012.38万元", "742.16万元"),
)
OTHER = Said("money-sum", "总数写为90万元，而所列各项相加为91万元（50万元 + 41万元），请核对。", ("90万元", "50万元"))
RATE = Said(
    "execution-rate", "执行率写为99.40%，而480.87万元÷498.60万元＝96.45%，请核对口径和数字。", ("预算执行率为99.40%",)
)

codes = st.sampled_from(["money-sum", "score-sum", "unit"])
words = st.text("总数得分写为相加请核对0123456789.%", min_size=1, max_size=20)
says = st.builds(Said, codes, words, st.lists(words, max_size=3).map(tuple))
lists = st.lists(says, max_size=6)


def test_a_finding_that_is_gone_was_put_right_and_one_that_came_is_new():
    (pair,) = follow([SUM, RATE], [RATE, OTHER])
    assert (pair.before, pair.after, pair.unchanged) == (1, 0, True)


def test_a_slip_corrected_by_half_is_still_the_same_finding():
    half = Said(SUM.code, SUM.message.replace("1,012.38", "1,018.38"), ("1,018.38万元", "742.16万元"))
    (pair,) = follow([SUM], [OTHER, half])
    assert (pair.after, pair.unchanged) == (1, False)


def test_a_like_slip_about_other_figures_is_another_finding():
    assert follow([SUM], [OTHER]) == []


def test_findings_of_two_classes_are_never_one():
    assert likeness(SUM, RATE) == 0


@given(lists)
def test_nothing_changed_means_all_still_stand(before):
    pairs = follow(before, before)
    assert len(pairs) == len(before)
    assert all(pair.unchanged and before[pair.before] == before[pair.after] for pair in pairs)


@given(lists, lists)
def test_no_finding_is_followed_twice_and_every_pair_is_alike(before, after):
    pairs = follow(before, after)
    assert len({pair.before for pair in pairs}) == len({pair.after for pair in pairs}) == len(pairs)
    assert all(likeness(before[pair.before], after[pair.after]) >= LEAST for pair in pairs)


@given(lists, lists)
def test_looking_back_pairs_the_same_findings(before, after):
    there = {(before[pair.before], after[pair.after]) for pair in follow(before, after)}
    back = {(before[pair.after], after[pair.before]) for pair in follow(after, before)}
    assert len(there) == len(back)


@given(lists, says)
def test_likeness_is_between_none_and_whole_and_the_same_both_ways(before, one):
    for other in before:
        assert 0 <= likeness(one, other) <= 1
        assert abs(likeness(one, other) - likeness(other, one)) < 1e-9
        if likeness(one, other) == 1:
            assert one.code == other.code
