"""The check that every tested page goes through finds what it is for."""

from __future__ import annotations

from tests.fixtures.browser import page_problems

SOUND = """<!doctype html><html lang="zh-CN"><head><title>页</title></head><body><h1>页</h1><label for="q">词</label>
<input id="q" name="q"><label>名<input name="t"></label><script type="application/json">{}</script></body></html>"""
FAULTY = """<!doctype html><html><head></head><body><h1>一</h1><h1>二</h1><input id="q" name="q">
<p id="q" style="a" onclick="x">字</p><script>1</script><style>a{}</style></body></html>"""


def test_a_sound_page_has_no_problem():
    assert page_problems(SOUND) == []
    assert page_problems("<p style='x'>a part of a page</p>") == []


def test_every_fault_is_named():
    assert page_problems(FAULTY) == [
        "2 h1",
        "no title",
        "no language",
        "ids twice: q",
        "no label for q",
        "inline style on <p>",
        "a style element",
        "inline script",
        "inline handler onclick on <p>",
    ]
