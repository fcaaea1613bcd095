"""Make the pictures of the README from a running demonstration: `make run`, then `tools/screenshots.py [ADDRESS]`.

Each picture is one page as one person sees it, kept small by a palette of few colours.
"""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
ADDRESS = "http://127.0.0.1:8000"
MOST_BYTES = 300_000
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
SIGN_IN = """name => {
  const button = [...document.querySelectorAll('form[action$="/demo/sign-in"] button[name=user]')]
    .find(one => one.textContent.includes(name));
  if (!button) throw new Error(`no demonstration user ${name}`);
  button.form.requestSubmit(button);
}"""


@dataclass(frozen=True)
class Picture:
    """A page to take: file name, whose desk, address.

    `follow` are links to follow from it, each by a part of its address; `at` is what to bring to the top.
    """

    name: str
    person: str
    path: str
    follow: tuple[str, ...] = ()
    at: str = ""
    language: str = "zh"
    width: int = 1280
    height: int = 860


PICTURES = (
    Picture("home", "周明远", "/home"),
    Picture("tender", "周明远", "/tenders?state=draft", follow=("/tenders/",)),
    Picture("opening", "陶建华", "/openings", follow=("/opening",)),
    Picture("draw", "徐文静", "/reviews?state=convened", follow=("/reviews/", "/draw"), at=".stats"),
    Picture("workbench", "徐文静", "/submissions?state=checked", follow=("/submissions/",), at=".workbench"),
    Picture("agencies", "徐文静", "/agencies", language="en"),
    Picture("phone", "丁慕白", "/notices", follow=("/notices/",), width=375, height=760),
)


def main() -> int:
    """Take every picture; return 1 when the demonstration does not answer or a page is missing."""
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else ADDRESS
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("screenshots: Chromium is missing (on Debian: apt install chromium)", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    status = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for picture in PICTURES:
            try:
                size = take(browser, address, picture)
            except Exception as failed:  # noqa: BLE001 - one page that fails must not cost the others
                print(f"screenshots: {picture.name}: {failed}", file=sys.stderr)
                status = 1
            else:
                print(f"{picture.name}.png {size // 1000} kB")
        browser.close()
    return status


def take(browser: Browser, address: str, picture: Picture) -> int:
    """Take one picture; return its size in bytes. Raises an error of the browser when the page is not there."""
    size: ViewportSize = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, locale=LOCALES[picture.language])
    try:
        page = context.new_page()
        page.goto(f"{address}/?lang={picture.language}")
        page.evaluate(SIGN_IN, picture.person)
        page.wait_for_url("**/home")
        page.goto(address + picture.path)
        for part in picture.follow:
            follow(page, part)
        if picture.at:
            page.locator(picture.at).first.evaluate("one => one.scrollIntoView()")
        return keep(page.screenshot(), FOLDER / f"{picture.name}.png")
    finally:
        context.close()


def follow(page: Page, part: str) -> None:
    """Follow the first link of the page's list whose address holds `part`."""
    places = ("tbody", ".actions", "li", "article")
    links = (f"main {place} a[href*='{part}']:not([href*='/new/'])" for place in places)
    page.locator(", ".join(links)).first.click()
    page.wait_for_load_state("networkidle")


def keep(png: bytes, path: Path) -> int:
    """Store a picture in 256 colours, which pages of text bear well. Raises ValueError if it is still large."""
    image = (
        Image.open(io.BytesIO(png))
        .convert("RGB")
        .quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    image.save(path, optimize=True)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{size} bytes are more than {MOST_BYTES}")
    return size


if __name__ == "__main__":
    sys.exit(main())
