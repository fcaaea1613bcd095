"""Charts: bars of shares, ranges, lines over years, falling steps, a matrix, small multiples; direct labels only.

Below `NARROW` points of width labels stand above their rows, so that a phone shows the same figures readably.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.plots.picture import Dot, Line, Picture, Rect, Shape, Tone, Words, clipped, measure

NARROW = 480.0
SMALL = 11.5
TONES: tuple[Tone, ...] = ("first", "second", "third", "last")
UPON: tuple[Tone, ...] = ("on", "on", "ink", "on")


@dataclass(frozen=True)
class Share:
    """A row of a bar: its label, the numbers of each part, and the words at its end."""

    label: str
    parts: Sequence[int]
    note: str = ""


@dataclass(frozen=True)
class Range:
    """A row with a value in its interval, or no value; `words` say it at the row's end. Weak ones are drawn hollow."""

    label: str
    value: float | None
    low: float
    high: float
    words: str
    tone: Tone = "blue"
    weak: bool = False


@dataclass(frozen=True)
class Series:
    """Values at the ticks of an axis (None: none there), with intervals where they are known."""

    label: str
    values: Sequence[float | None]
    spans: Sequence[tuple[float, float] | None] = ()
    tone: Tone = "blue"
    weak: bool = False


@dataclass(frozen=True)
class Panel:
    """One of the small multiples: its name, a value for each tick, and a letter at each."""

    label: str
    values: Sequence[float | None]
    letters: Sequence[str]


@dataclass(frozen=True)
class Mark:
    """A value worth a line of its own, with its name."""

    value: float
    label: str


def shares(title: str, says: str, rows: Sequence[Share], letters: Sequence[str], width: float) -> Picture:
    """Bars of one whole each, cut into at most four parts that carry their letter and share."""
    shapes: list[Shape] = []
    side, end, y, narrow = _columns([one.label for one in rows], [one.note for one in rows], width)
    for row in rows:
        if narrow:
            shapes.append(Words(0, y + 14, row.label))
            y += 20
        else:
            shapes.append(Words(side - 12, y + 19, row.label, anchor="end"))
        whole, x = sum(row.parts), side
        room = width - end - side
        for place, (letter, count) in enumerate(zip(letters, row.parts, strict=True)):
            if not count:
                continue
            part = room * count / whole
            shapes.append(Rect(x, y, max(part - 1, 0.5), 28, TONES[place]))
            wordy = f"{letter} {100 * count / whole:.0f}%"
            fits = next((one for one in (wordy, letter) if measure(one, SMALL) + 6 <= part), "")
            if fits:
                shapes.append(Words(x + part / 2, y + 18.5, fits, UPON[place], "middle", SMALL))
            x += part
        shapes.append(Words(width - end + 8, y + 19, row.note, "muted", size=SMALL))
        y += 38
    return Picture(width, y, title, says, tuple(shapes))


def ranges(
    title: str,
    says: str,
    rows: Sequence[Range],
    width: float,
    *,
    low: float,
    high: float,
    ticks: Sequence[tuple[float, str]],
    marks: Sequence[Mark] = (),
) -> Picture:
    """A value in its interval a row, on a common scale, beside marked values."""
    shapes: list[Shape] = []
    side, end, y, narrow = _columns([one.label for one in rows], [one.words for one in rows], width)
    left, right = side + 6, width - end - 6
    step = 40.0 if narrow else 26.0
    top = 22.0 if marks else 6.0
    bottom = top + step * len(rows)

    def at(value: float) -> float:
        return left + (right - left) * (min(max(value, low), high) - low) / ((high - low) or 1)

    for value, label in ticks:
        shapes += [
            Line(((at(value), top), (at(value), bottom)), "line"),
            Words(at(value), bottom + 16, label, "muted", "middle", SMALL),
        ]
    shapes += [Line(((at(one.value), top - 4), (at(one.value), bottom)), "ink", weak=True) for one in marks]
    shapes += _named([(at(one.value), one.label) for one in marks], width)
    y = top
    for row in rows:
        middle = y + (step - 10 if narrow else step / 2)
        label = clipped(row.label, width - end if narrow else side - 12)
        shapes.append(Words(0, middle - 12, label) if narrow else Words(side - 12, middle + 4.5, label, anchor="end"))
        if row.value is not None:
            shapes += [
                Line(((at(row.low), middle), (at(row.high), middle)), "strong", 4),
                Dot(at(row.value), middle, 4.5, row.tone, row.weak),
            ]
        shapes.append(Words(width, middle + 4.5, row.words, "ink", "end", SMALL))
        y += step
    return Picture(width, bottom + 24, title, says, tuple(shapes))


def lines(
    title: str,
    says: str,
    series: Sequence[Series],
    ticks: Sequence[str],
    width: float,
    *,
    low: float,
    high: float,
    marks: Sequence[Mark] = (),
    height: float = 240.0,
) -> Picture:
    """Lines over years with their intervals; each line's name stands at its end, marked values at the left."""
    shapes: list[Shape] = []
    named = max((measure(one.label, SMALL) for one in series), default=0) + 14
    left, right, top, bottom = 44.0, width - named, 12.0, height - 28

    def across(place: int) -> float:
        return left + 34 + (right - left - 50) * (place / (len(ticks) - 1) if len(ticks) > 1 else 0.5)

    def up(value: float) -> float:
        return bottom - (bottom - top) * (min(max(value, low), high) - low) / ((high - low) or 1)

    shapes += [
        Words(left - 8, up(value) + 4, f"{value:g}", "muted", "end", SMALL) for value in (low, (low + high) / 2, high)
    ]
    shapes += [Line(((left, up(value)), (right, up(value))), "line") for value in (low, high)]
    for mark in marks:
        shapes += [
            Line(((left, up(mark.value)), (right, up(mark.value))), "strong", weak=True),
            Words(left + 2, up(mark.value) - 4, mark.label, "muted", size=SMALL),
        ]
    shapes += [Words(across(place), height - 8, tick, "muted", "middle", SMALL) for place, tick in enumerate(ticks)]
    taken: list[float] = []
    for one in series:
        for place, span in enumerate(one.spans):
            if span is not None:
                x = across(place)
                shapes.append(Line(((x, up(span[0])), (x, up(span[1]))), "strong", 4))
        known = [(across(place), up(value)) for place, value in enumerate(one.values) if value is not None]
        if not known:
            continue
        shapes.append(Line(tuple(known), one.tone, 2, one.weak))
        shapes += [Dot(x, y, 4, one.tone, one.weak) for x, y in known]
        y = _apart(known[-1][1] + 4, taken)
        shapes.append(Words(right + 6, y, one.label, one.tone, size=SMALL))
    return Picture(width, height, title, says, tuple(shapes))


def steps(
    title: str,
    says: str,
    curves: Sequence[tuple[str, Sequence[tuple[float, float]], Tone, bool]],
    width: float,
    *,
    last: float,
    ticks: Sequence[tuple[float, str]],
    marks: Sequence[Mark] = (),
    height: float = 240.0,
) -> Picture:
    """Shares that fall from 100 % in steps; a curve is its name, points, tone, and whether it is a mere bound."""
    shapes: list[Shape] = []
    named = max((measure(label, SMALL) for label, *_rest in curves), default=0) + 14
    left, right, top, bottom = 44.0, width - named, 22.0, height - 28

    def across(value: float) -> float:
        return left + (right - left) * min(value, last) / (last or 1)

    def up(value: float) -> float:
        return bottom - (bottom - top) * value

    for share in (0.0, 0.5, 1.0):
        shapes += [
            Line(((left, up(share)), (right, up(share))), "line"),
            Words(left - 8, up(share) + 4, f"{100 * share:.0f}%", "muted", "end", SMALL),
        ]
    shapes += [Line(((across(one.value), top - 4), (across(one.value), bottom)), "ink", weak=True) for one in marks]
    shapes += _named([(across(one.value), one.label) for one in marks], width)
    shapes += [Words(across(value), height - 8, label, "muted", "middle", SMALL) for value, label in ticks]
    taken: list[float] = []
    for label, points, tone, bound in curves:
        path, before = [(across(0), up(1))], 1.0
        for x, share in points:
            path += [(across(x), up(before)), (across(x), up(share))]
            before = share
        path.append((right, up(before)))
        shapes.append(Line(tuple(path), tone, 1 if bound else 2.2, bound))
        if label:
            shapes.append(Words(right + 6, _apart(up(before) + 4, taken), label, tone, size=SMALL))
    return Picture(width, height, title, says, tuple(shapes))


def matrix(
    title: str, says: str, rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]], *, width: float
) -> Picture:
    """Numbers in a square of rows and columns; the larger, the larger the square behind. What fell is red."""
    side = max(measure(one) for one in rows) + 16
    cell = min((width - side) / max(len(columns), 1), 84.0)
    top, high = 26.0, min(cell, 46.0)
    most = max((max(line) for line in counts), default=0) or 1
    shapes: list[Shape] = [
        Words(side + cell * (place + 0.5), 15, clipped(one, cell - 4), "muted", "middle")
        for place, one in enumerate(columns)
    ]
    for down, (label, line) in enumerate(zip(rows, counts, strict=True)):
        y = top + high * down
        shapes.append(Words(side - 12, y + high / 2 + 4.5, label, "muted", "end"))
        for place, count in enumerate(line):
            x = side + cell * place
            edge = ((x, y), (x + cell, y), (x + cell, y + high), (x, y + high), (x, y))
            shapes.append(Line(edge, "line"))
            if not count:
                continue
            long = (min(cell, high) - 6) * (count / most) ** 0.5
            tone: Tone = "first" if place < down else "third" if place == down else "last"
            shapes.append(Rect(x + (cell - long) / 2, y + (high - long) / 2, long, long, tone))
            inside = long > max(measure(str(count)) + 4, 16)
            upon: Tone = "ink" if tone == "third" or not inside else "on"
            beside = 0.0 if inside or tone == "third" else long / 2 + 4 + measure(str(count)) / 2
            shapes.append(Words(x + cell / 2 + beside, y + high / 2 + 4.5, str(count), upon, "middle", bold=True))
    return Picture(side + cell * len(columns) + 1, top + high * len(rows) + 2, title, says, tuple(shapes))


def multiples(
    title: str,
    says: str,
    panels: Sequence[Panel],
    ticks: Sequence[str],
    width: float,
    *,
    low: float,
    high: float,
    marks: Sequence[Mark] = (),
) -> Picture:
    """Small panels on one scale, each a line over the years with a letter at every point."""
    across = max(1, int((width + 16) // 190))
    wide, tall = (width - 16 * (across - 1)) / across, 118.0
    shapes: list[Shape] = []
    for number, panel in enumerate(panels):
        x, y = (number % across) * (wide + 16), (number // across) * (tall + 12)
        top, bottom = y + 24, y + tall - 18

        def up(value: float, top: float = top, bottom: float = bottom) -> float:
            return bottom - (bottom - top) * (min(max(value, low), high) - low) / ((high - low) or 1)

        shapes.append(Words(x, y + 13, clipped(panel.label, wide, SMALL), "ink", size=SMALL))
        for mark in marks:
            shapes += [
                Line(((x + 16, up(mark.value)), (x + wide, up(mark.value))), "line"),
                Words(x, up(mark.value) + 4, mark.label, "muted", size=10),
            ]
        places = [x + 28 + (wide - 42) * (at / (len(ticks) - 1) if len(ticks) > 1 else 0.5) for at in range(len(ticks))]
        known = [(places[at], up(value)) for at, value in enumerate(panel.values) if value is not None]
        shapes.append(Line(tuple(known), "blue", 1.8))
        for at, (value, letter) in enumerate(zip(panel.values, panel.letters, strict=True)):
            shapes.append(Words(places[at], y + tall - 4, ticks[at], "muted", "middle", 10))
            if value is not None:
                shapes += [
                    Dot(places[at], up(value), 3.5, "blue"),
                    Words(places[at], max(up(value) - 6, y + 22), letter, "ink", "middle", SMALL, bold=True),
                ]
    rows = -(-len(panels) // across)
    return Picture(width, max(rows * (tall + 12) - 12, 1), title, says, tuple(shapes))


def _columns(labels: Sequence[str], ends: Sequence[str], width: float) -> tuple[float, float, float, bool]:
    """Return where rows begin, how much their ends need, the first y, and whether labels stand above their rows."""
    end = max((measure(one, SMALL) for one in ends), default=0) + 10
    if width < NARROW:
        return 0.0, min(end, 0.45 * width), 2.0, True
    return min(max((measure(one) for one in labels), default=0) + 14, 0.38 * width), end, 2.0, False


def _named(marks: Sequence[tuple[float, str]], width: float) -> list[Shape]:
    """Return the names above marked values, each within the picture and right of the one before."""
    found: list[Shape] = []
    free = 0.0
    for x, label in sorted(marks):
        half = measure(label, SMALL) / 2
        middle = max(min(max(x, half), width - half), free + half)
        found.append(Words(middle, 13, label, "ink", "middle", SMALL))
        free = middle + half + 6
    return found


def _apart(y: float, taken: list[float]) -> float:
    """Return a height for a label that covers none of those taken."""
    while any(abs(y - other) < SMALL for other in taken):
        y += SMALL
    taken.append(y)
    return y
