"""Find and register the Chinese typefaces of printed documents.

Order: a configured folder, the Noto faces that set-up installs, WenQuanYi Zen Hei of the system, else a clear error.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_INSTALLED = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts"
_SYSTEM = (Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"), Path("/usr/share/fonts/wqy-zenhei/wqy-zenhei.ttc"))
MISSING = "〓"  # the printer's geta mark: what stands for a character the face lacks


class NoChineseFont(Exception):
    """No usable Chinese font on this machine; says where one was looked for."""


@dataclass(frozen=True)
class Typefaces:
    """Registered font names: body text, titles, headings; `glyphs` are the code points the body face can draw."""

    body: str
    title: str
    heading: str
    glyphs: frozenset[int]


@cache
def typefaces(configured: Path | None = None) -> Typefaces:
    """Return the typefaces, registered once; raises NoChineseFont."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    body, title, heading = font_files(configured)
    fonts = []
    for name, path in (("HengpingBody", body), ("HengpingTitle", title), ("HengpingHeading", heading)):
        font = TTFont(name, str(path), subfontIndex=0)
        pdfmetrics.registerFont(font)
        fonts.append(font)
    common = frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))
    return Typefaces("HengpingBody", "HengpingTitle", "HengpingHeading", common)


def font_files(
    configured: Path | None = None, installed: Path = _INSTALLED, system: tuple[Path, ...] = _SYSTEM
) -> tuple[Path, Path, Path]:
    """Return the files of the body, title and heading face; raises NoChineseFont."""
    if configured is not None:
        faces = sorted(configured.glob("*.ttf"))
        if not faces:
            raise NoChineseFont(f"the configured font folder {configured} holds no .ttf file")
        return faces[0], faces[min(1, len(faces) - 1)], faces[-1]
    noto = (
        installed / "noto-serif-sc" / "400Regular" / "NotoSerifSC_400Regular.ttf",
        installed / "noto-serif-sc" / "700Bold" / "NotoSerifSC_700Bold.ttf",
        installed / "noto-sans-sc" / "700Bold" / "NotoSansSC_700Bold.ttf",
    )
    if all(path.is_file() for path in noto):
        return noto
    for path in system:
        if path.is_file():
            return path, path, path
    raise NoChineseFont("no Chinese font found: run `make setup`, or install fonts-wqy-zenhei")
