"""Pictures: well-formed, escaped, inside their ground, the same in a page, a file and a PDF."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core.plots import Dot, Line, Picture, Rect, Words, measure, page_svg, svg_file
from core.plots.charts import Mark, Panel, Range, Series, Share, lines, matrix, multiples, ranges, shares, steps
from core.plots.picture import clipped

ROWS = [Share("2024<年>", [4, 10, 7, 0], "21 家"), Share("2025", [0, 0, 0, 3], "3 家")]


def every_chart(width):
    yield shares("等级", "说明", ROWS, "ABCD", width)
    yield ranges(
        "区间", "说明", [Range("很长的机构名称" * 6, 0.4, 0.1, 2.0, "0.40"), Range("无", None, 0, 0, "—")], width,
        low=0, high=1, ticks=[(0, "0"), (1, "1")], marks=[Mark(0.667, "0.667"), Mark(0.8, "0.800")],
    )  # fmt: skip
    yield lines(
        "走势", "说明", [Series("平均", [80, None, 84], [(78, 82), None, (80, 88)]), Series("中位数", [80, 81, 84])],
        ["2023", "2024", "2025"], width, low=60, high=100, marks=[Mark(90, "A")],
    )  # fmt: skip
    yield steps(
        "未完成", "说明", [("未完成", [(1, 0.5), (3, 0)], "blue", False)], width,
        last=4, ticks=[(0, "0 天"), (4, "4 天")], marks=[Mark(1, "中位数 1 天")],
    )  # fmt: skip
    yield matrix("变化", "说明", ["A", "B"], ["A", "B"], [[3, 120], [0, 7]], width=width)
    yield multiples("机构", "说明", [Panel("某机构", [80, None], ["B", ""])] * 5, ["24", "25"], width, low=60, high=100)


@pytest.mark.parametrize("width", [330.0, 540.0, 720.0])
def test_every_chart_is_well_formed_and_stays_on_its_ground(width):
    for picture in every_chart(width):
        assert etree.fromstring(svg_file(picture)) is not None
        inside = etree.fromstring(str(page_svg(picture)))
        assert inside.get("role") == "img"
        assert not inside.xpath("//@style")
        assert 0 < picture.width <= width
        for shape in picture.shapes:
            if isinstance(shape, Rect):
                assert shape.x >= -1
                assert shape.x + shape.width <= picture.width + 1
            if isinstance(shape, Line):
                assert all(-1 <= x <= picture.width + 1 and -1 <= y <= picture.height + 1 for x, y in shape.points)
            if isinstance(shape, Dot):
                assert -1 <= shape.x <= picture.width + 1


@pytest.mark.parametrize("width", [330.0, 720.0])
def test_every_share_carries_its_letter_not_its_colour_alone(width):
    words = [one.text for one in shares("等级", "", ROWS, "ABCD", width).shapes if isinstance(one, Words)]
    assert any(word.startswith("A") for word in words)
    assert any(word.startswith("D 100%") for word in words)


def test_names_of_marks_do_not_cover_each_other():
    made = ranges("", "", [], 400, low=0, high=1, ticks=[], marks=[Mark(0.66, "0.667"), Mark(0.7, "0.800")])
    first, second = [one for one in made.shapes if isinstance(one, Words)]
    assert second.x - first.x >= measure("0.667", 11.5)


@given(st.text(max_size=40), st.floats(20, 300))
def test_a_clipped_text_fits_its_room(text, room):
    assert measure(clipped(text, room)) <= room or clipped(text, room) == "…"


def test_a_picture_is_drawn_into_a_pdf_with_its_texts_changed():
    from core.plots.drawing import drawing_of

    picture = Picture(100, 40, "", "", (Words(0, 20, "甲"), Line(((0, 0), (9, 9)), "ink", weak=True), Dot(5, 5, 2, "red", hollow=True), Rect(0, 0, 5, 5, "first")))  # fmt: skip
    drawn = drawing_of(picture.with_text(lambda _text: "A"), "Helvetica", 200)
    assert (drawn.width, drawn.height) == (200, 80)
    assert "A" in [getattr(one, "text", None) for one in drawn.contents]
