"""How different agencies lay out their reports."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from grading.synthesis.chance import chance, draw

LAYOUTS = ("four", "seven", "parts", "merged", "landscape", "provincial")


@dataclass(frozen=True, slots=True)
class House:
    """One agency's habits.

    `layout` is the form of the score table; `separators` prints 1,234.56; `spaced` sets blanks around figures;
    `wide` prints
    dates in full-width digits; `styled` uses the word processor's heading styles; `abstract`
    opens with a summary; `seed` chooses the wording of every sentence.
    """

    layout: str
    separators: bool
    spaced: bool
    wide: bool
    styled: bool
    abstract: bool
    seed: int


def make_house(rng: Generator, layout: str | None = None) -> House:
    """Draw a house; `layout` is one of LAYOUTS, drawn where none is given."""
    return House(
        layout=layout or draw(rng, LAYOUTS),
        separators=chance(rng, 0.5),
        spaced=chance(rng, 0.25),
        wide=chance(rng, 0.15),
        styled=chance(rng, 0.6),
        abstract=chance(rng, 0.7),
        seed=int(rng.integers(2**31)),
    )
