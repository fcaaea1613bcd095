"""Fingerprints: what two reports share is found, template text is not, and size stays small."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grading.checks.fingerprint import FEWEST, FOUR_BYTES, Comparing, chosen, fingerprint
from grading.checks.outside import LONG, TEMPLATE
from tests.grading.conftest import report_of

SIGNS = "管网巡检记录合同付款核减复核设施停运报备制度社区居民满意课程教师岗位养护绿化照明水质监测补贴资格公示"


def words(seed: int, length: int) -> str:
    return "".join(random.Random(seed).choices(SIGNS, k=length))


@given(st.integers(0, 10**6), st.integers(LONG, 150), st.integers(0, 90), st.integers(0, 90))
def test_a_long_shared_passage_always_leaves_enough_numbers_in_both(seed, length, before, after):
    shared = words(seed, length)
    one = {number for _, number in chosen(words(seed + 1, before) + shared)}
    other = {number for _, number in chosen(shared + words(seed + 2, after))}
    assert len(one & other) >= FEWEST


@given(st.text(alphabet=SIGNS, max_size=300))
def test_every_number_stands_at_its_place_and_places_go_up(text):
    places = [place for place, _ in chosen(text)]
    assert places == sorted(set(places))
    assert all(0 <= place <= len(text) - 16 for place in places)


def test_a_fingerprint_is_small_and_comes_back_as_kept():
    report = report_of([words(seed, 400) for seed in range(50)])
    kept = fingerprint(report)
    numbers = np.frombuffer(kept, dtype=FOUR_BYTES).tolist()
    assert numbers == sorted(set(numbers))
    assert len(kept) < 20_000 * 4 / 8
    assert fingerprint(report_of(["短。"])) == b""


def test_the_report_that_was_copied_from_is_named_and_what_many_hold_is_template():
    own, template = words(1, 120), words(2, 120)
    report = report_of([own, template])
    comparing = Comparing(report)
    comparing.add("source", 1, fingerprint(report_of([own, words(3, 200)])))
    for number in range(TEMPLATE):
        comparing.add(f"other {number}", 10 + number, fingerprint(report_of([template])))
    assert comparing.sources() == ["source"]
    runs = comparing.templates([words(9, 40)])
    assert template[30:46] in runs
    assert own[30:46] not in runs
    assert words(9, 40)[:16] in runs


def test_years_of_one_project_are_one_holder():
    text = words(4, 120)
    comparing = Comparing(report_of([text]))
    for year in range(TEMPLATE + 2):
        comparing.add(year, "the same project", fingerprint(report_of([text])))
    assert comparing.sources() == [0]
