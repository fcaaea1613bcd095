"""Where a quotation stands on a page, and drawing it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.pages import Band, NotDrawable, Wanted, draw, locate
from grading.pages.finding import Sign, boxes_of

ROW, WIDE = 20, 10


def set_out(*lines):
    """Characters as a page has them: each ten points wide, lines twenty points apart."""
    return [
        Sign(one, WIDE * x, ROW * y, WIDE * x + WIDE, ROW * y + 12)
        for y, line in enumerate(lines)
        for x, one in enumerate(line)
        if one.strip()
    ]


def test_a_quotation_over_two_lines_has_a_box_for_each():
    signs = set_out("甲乙丙丁", "戊己庚辛")
    assert boxes_of(signs, "丙 丁戊") == [(20, 0, 20, 12), (0, 20, 10, 12)]


def test_the_row_decides_which_of_several_like_figures_is_meant():
    signs = set_out("决策 5.00 5.00", "过程 5.00 4.00", "产出 5.00 5.00")
    assert boxes_of(signs, "5.00", ("过程", "5.00", "4.00"))[0][1] == ROW


def test_the_paragraph_decides_which_of_several_like_words_is_meant():
    signs = set_out("共23所学校", "其中新建23所，改建6所")
    assert boxes_of(signs, "23所", ("其中新建23所，改建6所",))[0][1] == ROW


def test_what_the_end_of_the_page_cuts_off_is_marked_as_far_as_it_stands():
    signs = set_out("上面一段文字", "本段很长一直写到页末为止")
    (box,) = boxes_of(signs, "本段很长一直写到页末为止后半在下一页")
    assert box == (0, ROW, 120, 12)


def test_what_does_not_stand_there_has_no_box():
    assert boxes_of(set_out("甲乙"), "丙") == []
    assert boxes_of([], "丙") == []
    assert boxes_of(set_out("甲"), " ") == []


@given(st.lists(st.text("甲乙丙丁 0123.", min_size=1, max_size=12), min_size=1, max_size=6), st.data())
def test_every_piece_of_the_text_is_found_with_its_own_characters(lines, data):
    signs = set_out(*lines)
    text = "".join(sign.text for sign in signs)
    if not text:
        return
    begin = data.draw(st.integers(0, len(text) - 1))
    quote = text[begin : data.draw(st.integers(begin + 1, len(text)))]
    boxes = boxes_of(signs, quote)
    assert boxes
    assert sum(width for _left, _top, width, _height in boxes) >= WIDE * len(quote)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A PDF of two pages, the second turned by a quarter."""
    from pypdf import PdfWriter
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path_factory.mktemp("pages") / "report.pdf"
    canvas = Canvas(str(path), pagesize=(400, 600))
    canvas.drawString(100, 500, "rate 96.34 of 100")
    canvas.showPage()
    canvas.drawString(100, 500, "turned 12.5")
    canvas.save()
    written = PdfWriter(clone_from=path)
    written.pages[1].rotate(90)
    written.write(path)
    return path


def test_places_are_counted_from_the_upper_left_corner_of_what_is_shown(printed):
    found = locate(printed, [Wanted(1, "96.34"), Wanted(2, "12.5"), Wanted(9, "x"), Wanted(1, "absent")])
    assert found.sizes == ((400, 600), (600, 400))
    ((left, top, _width, _height),) = found.boxes[0]
    assert 100 < left < 140
    assert 85 < top < 101
    assert all(490 < left < 512 and 100 < top < 170 for left, top, _width, _height in found.boxes[1])
    assert found.boxes[1]
    assert found.boxes[2:] == ((), ())


def test_a_page_and_a_part_of_it_are_drawn(printed):
    from PIL import Image

    whole = Image.open(io.BytesIO(draw(printed, 1, width=400)))
    part = Image.open(io.BytesIO(draw(printed, 1, width=200, band=Band(90, 80, 100, 40))))
    assert whole.size == (400, 600)
    assert part.size == (200, 80)
    assert min(part.convert("L").getextrema()) < 200, "the figure stands in the part"


def test_what_cannot_be_drawn_is_said(printed, tmp_path):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(NotDrawable):
        draw(broken, 1, width=100)
    with pytest.raises(NotDrawable):
        draw(printed, 7, width=100)
