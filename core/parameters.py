"""Local values where the rule book marks a number as a parameter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.errors import Refusal, Refused
from core.i18n import _l
from core.rules import NotAdjustable, Overrides, UnknownRule
from core.rules.rule import Scalar
from core.unit_of_work import UnitOfWork


class LocalValue(Base):
    """The bureau's own value of one parameter; numbers are kept as text so that none is rounded.

    `name` may end in `@2027`: then the value counts for that calendar year alone (`Rule.by_year`).
    """

    __tablename__ = "local_value"

    rule_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    kind: Mapped[str]


def overrides(uow: UnitOfWork) -> Overrides:
    """Return the local values as the rule book takes them."""
    rows = uow.session.execute(select(LocalValue.rule_id, LocalValue.name, LocalValue.value, LocalValue.kind))
    return {f"{rule_id}.{name}": _read(value, kind) for rule_id, name, value, kind in rows}


def set_local_value(uow: UnitOfWork, rule_id: str, name: str, typed: str, *, year: int | None = None) -> None:
    """Set a parameter, or give it back to the rule book (empty). Raises `Refused` at `value`.

    `year` sets the value of one calendar year; only rules whose values are set by year have such values.
    """
    book, stored = uow.house.rules, name if year is None else f"{name}@{year}"
    key, on = f"{rule_id}.{stored}", uow.today if year is None else first_day(year)
    row = uow.session.get(LocalValue, (rule_id, stored))
    before = row.value if row else None
    text = typed.strip()
    if not text:
        if row is not None:
            uow.session.delete(row)
            uow.record("parameter.reset", None, before={key: before})
        return
    try:
        if year is not None and not book.rule(rule_id, on=on).by_year:
            raise UnknownRule
        shipped = book.value(rule_id, name, on=on)
        kind = type(shipped).__name__
        value = _read(text, kind)
        book.value(rule_id, name, on=on, overrides={key: value})
    except UnknownRule as error:
        raise Refused(Refusal(_l("没有这个参数"), field="value")) from error
    except NotAdjustable as error:
        raise Refused(
            Refusal(_l("这个数值由法规规定，或类型不符，不能改为本地值"), rule_id=rule_id, field="value")
        ) from error
    except (InvalidOperation, ValueError) as error:
        raise Refused(Refusal(_l("请填写数字"), field="value")) from error
    if row is None:
        uow.add(LocalValue(rule_id=rule_id, name=stored, value=text, kind=kind))
    else:
        row.value, row.kind = text, kind
    uow.record("parameter.set", None, before={key: before}, after={key: text})


def first_day(year: int) -> date:
    """Return the day on which a year's values are read."""
    return date(year, 1, 1)


def _read(text: str, kind: str) -> Scalar:
    if kind == "str":
        return text
    return int(text) if kind == "int" else Decimal(text)
