"""Near-identical passages (R-COLL.text): found though names and figures were changed, silent where honest bids are."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.collusion import Folder, Paper, Passage
from procurement.collusion.alike import (
    BOILERPLATE,
    WINDOW,
    Measure,
    fingerprints,
    plain_text,
    text_hits,
    winnowed,
)
from procurement.demonstration.bid_papers import composed, copied
from procurement.states import Sign, SignWeight

MEASURE = Measure(12, 40, 150, 800)
OWN = "我公司在澄北街道逐户核对服务签到表，两人一组当天录入，看清资金去向；误差不超过百分之三，底稿当月归档并由主评人抽查三成。"


def folder(name, *lines, page=None):
    passages = tuple(Passage(line, page, number) for number, line in enumerate(lines, 1))
    return Folder(name, f"{name}评价咨询有限公司", papers=(Paper(f"doc-{name}", f"{name}.docx", name, 1, passages),))


def hits(*folders, issued=""):
    return list(text_hits(folders, issued, MEASURE))


class TestFound:
    def test_a_written_off_plan_is_found_with_both_places_r_coll_01(self):
        lines = [OWN, OWN.replace("澄北街道", "东塘镇").replace("签到", "维修"), OWN.replace("三成", "四成")]
        (hit,) = hits(folder("a", "一、思路", *lines), folder("b", "另起一章", "其他内容", *lines))
        assert (hit.sign, hit.bids) == (Sign.TEXT, ("a", "b"))
        left, right = hit.groups[0]
        assert (left.document, left.number, right.number) == ("doc-a", 2, 3)
        assert left.text == right.text
        assert plain_text(left.text) == plain_text("".join(lines))

    def test_changed_names_and_figures_do_not_hide_it(self):
        dice = random.Random(5)
        source = composed(dice)
        other = copied(dice, source, keep=0.4, edits=0.03)
        (hit,) = hits(folder("a", *source.paragraphs), folder("b", *other.paragraphs))
        assert hit.weight in (SignWeight.MEDIUM, SignWeight.HIGH)
        assert int(hit.facts["letters"]) >= MEASURE.total

    def test_spaces_punctuation_and_width_do_not_matter(self):
        spaced = "　".join(OWN).replace("，", ",")
        wide = OWN.translate({ord(one): one + "\u200b" for one in "核账"})
        (hit,) = hits(folder("a", *[OWN + str(n) for n in range(4)]), folder("b", *[wide + spaced] * 4))
        assert hit.bids == ("a", "b")

    def test_a_run_over_several_paragraphs_is_shown_whole(self):
        lines = ["一、思路", OWN, OWN[::-1], OWN[10:] + OWN[:10]]
        (hit,) = hits(folder("a", *lines), folder("b", "别的", *lines[1:]))
        assert [plain_text(one) for one in hit.groups[0][0].text.splitlines()] == [plain_text(one) for one in lines[1:]]
        assert (hit.groups[0][0].number, hit.groups[0][1].number) == (2, 2)


class TestSilent:
    def test_a_file_that_stands_in_both_is_no_text_once_more(self):
        both = [folder("a", *[OWN] * 5), folder("b", *[OWN] * 5)]
        assert hits(*both)
        same = [replace(one, papers=(replace(one.papers[0], sha256="x"),)) for one in both]
        assert hits(*same) == []

    def test_two_honest_plans_are_not_accused_r_coll_02(self):
        for seed in range(6):
            one, other = composed(random.Random(seed)), composed(random.Random(seed + 100))
            assert hits(folder("a", *one.paragraphs), folder("b", *other.paragraphs)) == []

    def test_the_tenders_own_text_and_the_laws_are_taken_out_r_coll_02(self):
        law = BOILERPLATE.read_text(encoding="utf-8").splitlines()
        issued = composed(random.Random(1)).paragraphs
        quoted = ["招标文件要求：" + one for one in issued] + law
        assert hits(folder("a", *quoted), folder("b", *quoted), issued="\n".join(issued)) == []

    def test_a_short_common_phrase_is_no_passage(self):
        phrase = "贯彻落实过紧日子要求，优化财政资源配置，切实提高资金使用效益。"
        assert hits(folder("a", phrase * 1), folder("b", "前言" + phrase)) == []

    def test_empty_bids_are_nothing(self):
        assert hits(folder("a"), folder("b", ""), folder("c", "，。")) == []


class TestWinnowing:
    @given(st.text(alphabet="一二三四五六七八九十", max_size=120), st.integers(1, 12))
    def test_every_window_keeps_one_fingerprint(self, text, shingle):
        prints = fingerprints(text, shingle)
        kept = winnowed(prints)
        assert prints.size == max(0, len(text) - shingle + 1)
        gaps = [second - first for first, second in itertools.pairwise(kept.tolist())]
        assert all(0 < gap <= WINDOW for gap in gaps)
        assert prints.size == 0 or (kept[0] < WINDOW and prints.size - kept[-1] <= WINDOW)

    @given(st.text(min_size=12, max_size=40), st.text(max_size=20), st.text(max_size=20))
    def test_equal_runs_have_equal_fingerprints_wherever_they_stand(self, run, before, after):
        run = plain_text(run)
        if len(run) < 8:
            return
        alone = set(fingerprints(run, 8).tolist())
        assert alone <= set(fingerprints(plain_text(before) + run + plain_text(after), 8).tolist())

    def test_the_numbers_are_the_same_in_every_run(self):
        assert fingerprints("预算绩效评价", 3).tolist()[0] == 16079769295792648797


@pytest.mark.parametrize("swap", [False, True])
def test_what_is_found_does_not_depend_on_the_order_of_bids(swap):
    source = composed(random.Random(3))
    pair = [folder("a", *source.paragraphs), folder("b", *source.paragraphs[4:])]
    found = hits(*(reversed(pair) if swap else pair))
    assert [(one.bids, one.facts["letters"]) for one in found] == [(("a", "b"), found[0].facts["letters"])]


def test_identity_and_account_numbers_are_shortened_in_the_evidence():
    secret = "被授权人身份证310112198001011234，账号6222021001098765432"
    lines = [OWN + secret + OWN[::-1], OWN[5:] + secret + "其余事项由项目组当面询问后独立复核并形成照片底稿再移交归档"]
    both = [folder("a", *lines), replace(folder("b", *lines))]
    text = str(hits(*both))
    assert "310112198001011234" not in text
    assert "6222021001098765432" not in text
