"""Every demonstration user reaches a desk of their own with one click, in both languages."""

from __future__ import annotations

from itertools import product

import pytest

from tests.journeys.district import EARLY_LEAVERS

pytestmark = [EARLY_LEAVERS, pytest.mark.browser, pytest.mark.enable_socket]


KEYS = ("zhou.mingyuan", "lin.guoqiang", "tao.jianhua", "xu.wenjing", "agency1", "wei.shan")


def test_one_click_leads_to_a_desk(district):
    for key, language in product(KEYS, ("zh", "en")):
        with district.at_desk(key, language=language) as person:
            assert person.path == "/home", key
            assert person.page.locator("html").get_attribute("lang").startswith(language)
            assert person.page.locator("nav#nav a").count() >= 1, key
