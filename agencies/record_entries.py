"""Entries of the record: made from what was typed, checked, and read back for showing; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from agencies.record_parts import LONGEST, MOST_ROWS, Entry, FieldKind, Part, Seen
from core.errors import Refusal
from core.i18n import Text, _l
from core.identity.uscc import is_uscc

Entries = dict[str, Any]
LARGEST = 2_000_000_000
_ONE_LINE = re.compile(r"\s+")


@dataclass(frozen=True)
class Shown:
    """One field as a page shows it: `value` is a text, a day, a number, an amount, or rows of such."""

    label: Text
    kind: FieldKind
    value: Any
    unit: Text = ""
    columns: tuple[Entry, ...] = ()
    key: str = ""


def entries_from(part: Part, typed: Mapping[str, Any]) -> Entries:
    """Return what a form gave in the form in which it is kept; what the part does not know is left out."""
    return {one.key: _kept(one, typed.get(one.key)) for one in part.entries}


def _kept(entry: Entry, value: Any) -> Any:
    if entry.kind == "rows":
        rows = ({one.key: _kept(one, row.get(one.key)) for one in entry.columns} for row in value or ())
        return [row for row in rows if any(one not in (None, "") for one in row.values())]
    if entry.kind == "several":
        return [str(one) for one in value or ()]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int) or value is None:
        return value
    text = str(value).strip()
    return text if entry.kind == "long" else _ONE_LINE.sub(" ", text)


def refusals(part: Part, entries: Mapping[str, Any], today: date, leads: Iterable[str] = ()) -> list[Refusal]:
    """Return everything that is wrong with an entry, each at its field (R-AGENCY-03).

    `leads` are the ids of the entries from which a field of kind `lead` may choose.
    """
    known = frozenset(leads)
    found = [
        Refusal(reason, rule_id=part.rule_id, field=one.key)
        for one in part.entries
        for reason in _wrong(one, entries.get(one.key), today, known)
    ]
    found += [Refusal(reason, rule_id=part.rule_id, field=key) for key, reason in _out_of_order(entries)]
    return found


def _wrong(entry: Entry, value: Any, today: date, leads: frozenset[str]) -> list[Text]:
    if value in (None, "", []):
        return [_l("请填写“%(label)s”", label=entry.label)] if entry.required else []
    if entry.kind == "rows":
        return _wrong_rows(entry, value, today, leads)
    wrong: list[Text] = []
    if entry.kind in LONGEST and len(value) > LONGEST[entry.kind]:
        wrong.append(_l("“%(label)s”不能超过%(most)s个字", label=entry.label, most=LONGEST[entry.kind]))
    if entry.choices is not None and entry.kind == "choice" and value not in {one.value for one in entry.choices}:
        wrong.append(_l("请选择“%(label)s”", label=entry.label))
    if entry.choices is not None and entry.kind == "several" and set(value) - {one.value for one in entry.choices}:
        wrong.append(_l("请选择“%(label)s”", label=entry.label))
    if entry.kind == "lead" and value not in leads:
        wrong.append(_l("请选择本机构的主评人"))
    if entry.kind in ("whole", "money") and not _is_plain(value):
        wrong.append(_l("“%(label)s”须为不小于零、不太大的数", label=entry.label))
    if entry.kind == "day":
        wrong += _wrong_day(entry, value, today)
    if entry.key == "uscc" and not is_uscc(value):
        wrong.append(_l("统一社会信用代码不正确"))
    return wrong


def _wrong_day(entry: Entry, value: str, today: date) -> list[Text]:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return [_l("“%(label)s”不是有效的日期", label=entry.label)]
    return [_l("“%(label)s”不能晚于今天", label=entry.label)] if entry.past and day > today else []


def _wrong_rows(entry: Entry, rows: list[Mapping[str, Any]], today: date, leads: frozenset[str]) -> list[Text]:
    if len(rows) > MOST_ROWS:
        return [_l("“%(label)s”最多%(most)s行", label=entry.label, most=MOST_ROWS)]
    found: list[Text] = []
    for place, row in enumerate(rows, start=1):
        reasons = [one for column in entry.columns for one in _wrong(column, row.get(column.key), today, leads)]
        reasons += [reason for _key, reason in _out_of_order(row)]
        found += [
            _l("“%(label)s”第%(place)s行：%(reason)s", label=entry.label, place=place, reason=one) for one in reasons
        ]
    return found


PAIRS = (
    ("begins_on", "ends_on"),
    ("issued_on", "expires_on"),
    ("contract_from", "contract_until"),
    ("since", "until"),
    ("begun_on", "finished_on"),
)
"""Days of which the second may not come before the first."""


def _out_of_order(entries: Mapping[str, Any]) -> list[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    for first, last in PAIRS:
        begins, ends = entries.get(first), entries.get(last)
        if ends and begins and ends < begins:
            found.append((last, _l("结束日期不能早于开始日期")))
        elif ends and not begins and last == "contract_until":
            found.append((first, _l("请填写劳动合同起的日期")))
    staff, part = entries.get("staff"), entries.get("evaluators")
    if isinstance(staff, int) and isinstance(part, int) and part > staff:
        found.append(("evaluators", _l("从事绩效评价的人数不能多于从业人员")))
    if entries.get("offence") == "negligent" and not entries.get("served_on"):
        found.append(("served_on", _l("请填写刑罚执行完毕的日期")))
    if entries.get("rank") in ("senior", "intermediate") and not entries.get("title"):
        found.append(("title", _l("请写明职称")))
    return found


def _is_plain(value: Any) -> bool:
    """Whether this is a number from zero to what a column holds."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and 0 <= number <= LARGEST


def shown(
    part: Part, entries: Mapping[str, Any], *, everything: bool, leads: Mapping[str, str] | None = None
) -> list[Shown]:
    """Return the fields to show: all of them, or those everybody may see; empty ones are left out.

    `leads` names the entries that a field of kind `lead` refers to.
    """
    found = []
    for one in part.entries:
        if not everything and one.seen is Seen.FEW:
            continue
        value = _readable(one, entries.get(one.key), everything=everything, leads=leads or {})
        if value not in (None, "", []):
            columns = _columns(one, everything=everything)
            found.append(Shown(one.label, one.kind, value, one.unit, columns, one.key))
    return found


def _columns(entry: Entry, *, everything: bool) -> tuple[Entry, ...]:
    return tuple(one for one in entry.columns if everything or one.seen is Seen.ALL)


def _readable(entry: Entry, value: Any, *, everything: bool, leads: Mapping[str, str]) -> Any:
    if value in (None, "", []):
        return None
    if entry.kind == "rows":
        columns = _columns(entry, everything=everything)
        return [
            [_readable(one, row.get(one.key), everything=everything, leads=leads) for one in columns] for row in value
        ]
    return READ.get(entry.kind, _as_kept)(entry, value, leads)


def _as_kept(_entry: Entry, value: Any, _leads: Mapping[str, str]) -> Any:
    return value


READ: Mapping[FieldKind, Callable[[Entry, Any, Mapping[str, str]], Any]] = {
    "choice": lambda entry, value, _leads: entry.choices(value).label if entry.choices else value,
    "several": lambda entry, value, _leads: [entry.choices(one).label if entry.choices else one for one in value],
    "day": lambda _entry, value, _leads: date.fromisoformat(value),
    "money": lambda _entry, value, _leads: Decimal(value),
    "lead": lambda _entry, value, leads: leads.get(value, "—"),
}
"""How a kept value reads, by the kind of its field; the others as they are kept."""


def changed_keys(part: Part, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the keys of the fields whose value differs, an empty value being like a missing one."""
    return [one.key for one in part.entries if (before.get(one.key) or None) != (after.get(one.key) or None)]
