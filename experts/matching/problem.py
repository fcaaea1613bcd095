"""The assignment problem as it is asked, checked and brought to one form."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MOST = 2**30
"""No demand or load is larger: more than there could ever be reviews, and a whole number for every solver."""
LARGEST = 1e300


class Impossible(ValueError):
    """No assignment keeps every demand; `reason` says why in both languages, the message is its English.

    `reviews` and `experts` are the numbers of those concerned, `label` the category, `kind` the kind of cause.
    """

    def __init__(
        self,
        zh: str,
        en: str,
        *,
        kind: str = "",
        reviews: Sequence[int] = (),
        experts: Sequence[int] = (),
        label: Hashable = "",
    ) -> None:
        self.reason = {"zh": zh, "en": en}
        self.kind, self.label = kind, label
        self.reviews, self.experts = [int(one) for one in reviews], [int(one) for one in experts]
        super().__init__(en)


@dataclass(frozen=True)
class Problem:
    """Reviews × experts: `scores` (finite where allowed), `forbidden`, and whole-number bounds.

    `demand[r, g]` experts of group g are wanted by review r; `group[e]` is the group of an expert; an expert takes from
    `least[e]` to `most[e]` reviews. `cap` bounds the probability of a pair, 1 without a lottery.
    """

    scores: Floats
    forbidden: Bools
    demand: Ints
    group: Ints
    labels: tuple[Hashable, ...]
    least: Ints
    most: Ints
    cap: Floats | float = 1.0

    @property
    def reviews(self) -> int:
        """How many reviews there are."""
        return int(self.scores.shape[0])

    @property
    def experts(self) -> int:
        """How many experts there are."""
        return int(self.scores.shape[1])

    @property
    def groups(self) -> int:
        """How many groups (categories) of experts there are."""
        return int(self.demand.shape[1])

    def cap_of(self, reviews: Ints, experts: Ints) -> Floats:
        """Return the cap of these pairs."""
        if isinstance(self.cap, float):
            return np.full(len(reviews), self.cap)
        return self.cap[reviews, experts]


def make_problem(
    scores: ArrayLike,
    *,
    demand: Any,
    max_load: ArrayLike,
    min_load: ArrayLike = 0,
    forbidden: ArrayLike | None = None,
    categories: Sequence[Hashable] | None = None,
    pair_cap: ArrayLike | None = None,
) -> Problem:
    """Check what was asked and bring it to one form.

    Raises ValueError for shapes that do not fit, numbers that are none, negative bounds or a cap outside (0, 1].
    """
    fit = _scores(scores)
    reviews, experts = fit.shape
    cap = _cap(pair_cap, (reviews, experts))
    barred = _barred(forbidden, fit.shape)
    if not isinstance(cap, float) and (cap == 0).any():
        barred = barred | (cap == 0)
    if not np.isfinite(fit).all():
        if not np.isfinite(fit[~barred]).all():
            raise ValueError("scores of allowed pairs must be finite numbers")
        fit = np.where(np.isfinite(fit), fit, 0.0)
    labels, group = _groups(categories, experts)
    wanted = _demand(demand, reviews, labels)
    allowed = ~barred
    largest = max(np.max(fit, where=allowed, initial=0.0), -np.min(fit, where=allowed, initial=0.0))
    if largest > LARGEST / max(1, int(wanted.sum())):
        raise ValueError("scores are too large to be added up")
    return Problem(
        fit,
        barred,
        wanted,
        group,
        labels,
        _whole(min_load, experts, "min_load"),
        _whole(max_load, experts, "max_load"),
        cap,
    )


def _scores(scores: ArrayLike) -> Floats:
    """Return scores as reviews × experts; what a masked array leaves out is no number."""
    given = np.ma.filled(scores.astype(np.float64), np.nan) if isinstance(scores, np.ma.MaskedArray) else scores
    array = np.asarray(given)
    if array.dtype.kind not in "biufO":
        raise ValueError(f"scores must be real numbers, not {array.dtype}")
    if array.shape == (0,):
        array = array.reshape(0, 0)
    if array.ndim != 2:
        raise ValueError(f"scores must be reviews × experts, not of {array.ndim} dimensions")
    try:
        return np.ascontiguousarray(array, dtype=np.float64)
    except TypeError as error:
        raise ValueError("scores must be real numbers") from error


def _barred(forbidden: ArrayLike | None, shape: tuple[int, ...]) -> Bools:
    if forbidden is None:
        return np.zeros(shape, dtype=bool)
    array = np.asarray(forbidden)
    if array.shape != shape and array.size:
        raise ValueError(f"forbidden is {array.shape}, scores are {shape}")
    if array.dtype.kind not in "biuf" and array.size:
        raise ValueError(f"forbidden must be true or false, not {array.dtype}")
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError("forbidden must be true or false")
    return array.astype(bool).reshape(shape)


def _groups(categories: Any, experts: int) -> tuple[tuple[Hashable, ...], Ints]:
    if categories is None:
        return ("",), np.zeros(experts, dtype=np.int64)
    given = list(categories.tolist() if isinstance(categories, np.ndarray) else categories)
    if len(given) != experts:
        raise ValueError(f"categories are {len(given)}, experts {experts}")
    try:
        labels = tuple(sorted(set(given), key=lambda one: (str(type(one)), one)))
    except TypeError:  # labels of one type that have no order
        labels = tuple(sorted(set(given), key=lambda one: (str(type(one)), repr(one))))
    place = {label: number for number, label in enumerate(labels)}
    return labels, np.array([place[one] for one in given], dtype=np.int64)


def _demand(demand: Any, reviews: int, labels: tuple[Hashable, ...]) -> Ints:
    """Reviews × groups: a mapping by category, one such mapping a review, an array of that shape, or one for all."""
    if isinstance(demand, Sequence) and demand and all(isinstance(one, Mapping) for one in demand):
        if len(demand) != reviews:
            raise ValueError(f"demand has {len(demand)} mappings, wanted {reviews}")
        every = {label: None for one in demand for label in one}
        demand = {label: [one.get(label, 0) for one in demand] for label in every}
    if isinstance(demand, Mapping):
        unknown = [one for one in demand if one not in labels]
        if any(np.any(np.asarray(demand[one]) > 0) for one in unknown):
            raise Impossible(
                f"没有类别为 {'、'.join(map(str, unknown))} 的专家",
                f"no expert is of the category {unknown[0]!r}",
                kind="label",
                label=unknown[0],
            )
        columns = [_whole(demand.get(label, 0), reviews, "demand") for label in labels]
        return np.stack(columns, axis=1)
    array = np.asarray(demand)
    if array.ndim == 2:
        if array.shape != (reviews, len(labels)):
            raise ValueError(f"demand is {array.shape}, wanted {(reviews, len(labels))}")
        return _whole(array.ravel(), array.size, "demand").reshape(array.shape)
    if len(labels) > 1:
        if array.ndim == 1 and len(array) == len(labels) != reviews:
            return np.tile(_whole(array, len(labels), "demand"), (reviews, 1))
        raise ValueError("with categories, demand is a mapping by category or an array of reviews × categories")
    return _whole(array, reviews, "demand").reshape(reviews, 1)


def _whole(value: ArrayLike, length: int, name: str) -> Ints:
    array = np.asarray(value)
    if array.ndim > 1 or (array.ndim == 1 and len(array) != length):
        raise ValueError(f"{name} must be one number or {length}")
    try:
        if array.dtype.kind not in "biufO":
            raise TypeError
        numbers = np.broadcast_to(array, (length,)).astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be whole numbers from 0") from error
    if not np.isfinite(numbers).all() or (numbers < 0).any() or (numbers != np.floor(numbers)).any():
        raise ValueError(f"{name} must be whole numbers from 0")
    return np.minimum(numbers, MOST).astype(np.int64)


def _cap(pair_cap: ArrayLike | None, shape: tuple[int, int]) -> Floats | float:
    if pair_cap is None:
        return 1.0
    cap = np.asarray(pair_cap, dtype=np.float64)
    if not np.isfinite(cap).all() or (cap < 0).any() or (cap > 1).any() or (cap.ndim == 0 and cap == 0):
        raise ValueError("pair_cap must lie above 0 and at most at 1 (in a matrix, 0 forbids a pair)")
    if cap.ndim == 0:
        return float(cap)
    if cap.shape != shape:
        raise ValueError(f"pair_cap is {cap.shape}, scores are {shape}")
    return cap
