"""A person at a browser: signs in with one click, reads, presses, and notices every fault of a page."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.journeys.words import pattern, words

EXPECTED_FAULTS = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|413|422)")
SIGN_IN = """id => {
  const button = document.querySelector('form[action$="/demo/sign-in"] button[name=user]');
  button.value = id;
  button.form.requestSubmit(button);
}"""


PICTURES = os.environ.get("PAGE_PICTURES")
"""A folder: then every page a journey comes by is also kept as a picture, to be looked at."""
NARROW = {"width": 375, "height": 900}


@dataclass
class Person:
    """Somebody of the district in a browser window of their own."""

    page: Page
    address: str
    language: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _note_console(self, message) -> None:
        if message.type in ("error", "warning") and not EXPECTED_FAULTS.search(message.text):
            self.faults.append(f"{self.page.url}: {message.text}")

    def become(self, user_id: str) -> None:
        """Sign in as a demonstration user by the banner's button."""
        self.go(f"/?lang={self.language}")
        self.page.evaluate(SIGN_IN, user_id)
        self.page.wait_for_url("**/home")

    def go(self, path: str) -> None:
        """Open an address of the house; it must answer."""
        response = self.page.goto(path if path.startswith("http") else self.address + path)
        assert response is not None
        assert response.status < 400, f"{path} answered {response.status}: {self.text[:400]}"
        self._take_picture()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("body").inner_text()

    @property
    def path(self) -> str:
        """Where the person is."""
        return self.page.url.removeprefix(self.address)

    def say(self, text: str) -> str:
        """The text in this person's language."""
        return words(text, self.language)

    def button(self, text: str, within: Locator | None = None) -> Locator:
        """The button with these words."""
        return (within or self.page.locator("main")).get_by_role("button", name=self.say(text), exact=True).first

    def press(self, text: str, within: Locator | None = None) -> None:
        """Press the button with these words and wait for the page that comes."""
        button = self.button(text, within)
        if not button.count():
            raise AssertionError(f"{self.path} offers no “{self.say(text)}”:\n{self.text[:3000]}")
        self._unfold(button)
        with self.page.expect_navigation():
            button.click()
        self._take_picture()

    def follow(self, text: str, within: Locator | None = None) -> None:
        """Follow the link with these words."""
        link = (within or self.page.locator("main")).get_by_role("link", name=self.say(text), exact=True).first
        if not link.count():
            raise AssertionError(f"{self.path} leads to no “{self.say(text)}”:\n{self.text[:3000]}")
        with self.page.expect_navigation():
            link.click()
        self._take_picture()

    def _take_picture(self) -> None:
        """Keep the page as a picture if pictures are wanted, in English as a telephone shows it."""
        if not PICTURES:
            return
        wide, number = self.page.viewport_size, len(list(Path(PICTURES).iterdir()))
        if self.language == "en":
            self.page.set_viewport_size(NARROW)
        name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", self.path.split("?")[0]).replace("/", ".")
        self.page.screenshot(path=Path(PICTURES) / f"{number:03d}{name}.{self.language}.png", full_page=True)
        if wide is not None:
            self.page.set_viewport_size(wide)

    def _unfold(self, inside: Locator) -> None:
        """Open the menu in which a button stands, as a person would before pressing it."""
        inside.evaluate(
            "one => { for (let up = one.closest('details'); up; up = up.parentElement.closest('details')) up.open = true; }"
        )

    def fill(self, name: str, value: str) -> None:
        """Fill a field by its name."""
        self.page.fill(f'main [name="{name}"]', value)

    def choose(self, name: str, value: str) -> None:
        """Choose from a list by its name."""
        self.page.select_option(f'main select[name="{name}"]', value)

    def attach(self, name: str, *paths: Path) -> None:
        """Choose files for a field."""
        self.page.set_input_files(f'main input[name="{name}"]', list(paths))

    def submit(self, form: str = "main form[method=post]") -> None:
        """Press the form's own button."""
        with self.page.expect_navigation():
            self.page.locator(form).first.locator("button[type=submit]").first.click()

    def sees(self, text: str) -> bool:
        """Whether the page says this, whatever stands for its placeholders."""
        return pattern(text, self.language).search(self.text) is not None

    def must_see(self, text: str) -> None:
        """Fail, with what the page says instead, unless it says this."""
        assert self.sees(text), f"{self.path} does not say “{self.say(text)}”:\n{self.text[:3000]}"

    def leave(self) -> None:
        """Close the window; every fault the browser noticed on the way fails the test."""
        self.page.context.close()
        assert not self.faults, self.faults
