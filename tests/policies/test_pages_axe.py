"""Every page each role can reach by links: no serious fault of accessibility, no sideways scrolling, no browser error."""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.district import EARLY_LEAVERS

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = os.environ.get("PAGE_PICTURES")
"""A folder: then every page seen is also kept as a picture, to be looked at."""
ROLES = (
    None,
    "zhou.mingyuan",
    "lin.guoqiang",
    "tao.jianhua",
    "xu.wenjing",
    "pan.xiaoming",
    "admin",
    "fang.min",
    "agency1",
    "wei.shan",
)
VIEWS = ((1280, "zh"), (375, "en"))
ROLES_FOR_A_KIND = (1, pytest.param(3, marks=pytest.mark.proof))
"""A page that several roles reach is looked at as the first of them sees it; the long proof looks at more of them."""
MOST_PAGES_OF_A_ROLE = 40
RUN_AXE = """() => axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations
  .filter(one => one.impact === "serious" || one.impact === "critical")
  .map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.target.join(" ")).join("; ")}`))"""
WIDER = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
  ? [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 4).map(one => `${one.tagName}.${one.className}`)
  : []"""
LINK = re.compile(r"<a\b(?![^>]*\bdownload\b)[^>]*\bhref=\"(/[^\"#]*)")
RULE_VALUE = re.compile(r"/R-[A-Z]+-\d+/\w+")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NOT_A_PAGE = re.compile(r"/static/|/documents/|\.(json|xlsx|csv|pdf|ics|html|atom|txt|xml|zip)$|/sign-out")

pytestmark = [EARLY_LEAVERS, pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.timeout(600)]


def kind_of(path: str) -> str:
    """Pages of one kind differ in ids and in what they are asked."""
    bare = RULE_VALUE.sub("/RULE/VALUE", path.split("?", maxsplit=1)[0])
    return re.sub(r"(?<=/)\d+(?=/|$)", "N", UUID.sub("ID", bare))


def faults_of(person, path: str) -> list[str]:
    """What is wrong with the page that is open."""
    person.page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong = person.page.evaluate(RUN_AXE)
    wide = person.page.evaluate(WIDER)
    if wide:
        wrong.append(f"wider than the screen: {', '.join(wide)}")
    return [f"{path}: {one}" for one in wrong]


@pytest.mark.parametrize(("width", "language"), VIEWS)
@pytest.mark.parametrize("most", ROLES_FOR_A_KIND)
def test_every_page_that_people_reach_is_sound(demonstration, width, language, most):
    looked_at: Counter[str] = Counter()
    faults: list[str] = []
    for key in ROLES:
        person = demonstration.person(key, width=width, language=language)
        pages = pages_of(person, looked_at, most, faults, f"{key or 'public'}.{width}.{language}")
        assert pages, f"{key} reaches nothing"
        person.page.context.close()
        faults += person.faults
    assert not faults, "\n" + "\n".join(faults)
    assert len(looked_at) >= 20, sorted(looked_at)


def pages_of(person, looked_at: Counter[str], most: int, faults: list[str], who: str) -> set[str]:
    """Follow every link from where the person is, looking at kinds not yet looked at `most` times; return their kinds.

    A kind that was looked at often enough is fetched for its links only, without a browser drawing it.
    """
    waiting, seen = deque([person.path]), set()
    while waiting and len(seen) < MOST_PAGES_OF_A_ROLE:
        path = waiting.popleft()
        kind = kind_of(path)
        if kind in seen:
            continue
        seen.add(kind)
        own = f"{kind} {who if kind == '/home' else ''}"  # each has a home of its own
        draws = looked_at[own] < most
        response = (person.page.goto if draws else person.page.context.request.get)(person.address + path)
        if response.status >= 400:
            faults.append(f"{who}: {path} answered {response.status}")
            continue
        for link in map(unescape, LINK.findall(response.text())):
            if not NOT_A_PAGE.search(link.split("?")[0]) and "lang=" not in link:
                waiting.append(link)
        led_to = kind_of(urlsplit(response.url).path)
        if not draws or (led_to != kind and looked_at[f"{led_to} "] >= most):
            continue
        looked_at[own] += 1
        faults += [f"{who}: {one}" for one in faults_of(person, path)]
        if PICTURES:
            person.page.screenshot(path=Path(PICTURES) / f"{who}{kind.replace('/', '.')}.png", full_page=True)
    return seen
