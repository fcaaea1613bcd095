"""How money, shares, dates and durations read in each language (Jinja filters)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from core.clock import SHANGHAI
from core.http.work import current_work
from core.i18n import LazyString, _, _n, heading
from core.rules import Words

Present = Callable[[], datetime]
WAN = Decimal(10000)
_BINARY = ("B", "KB", "MB", "GB", "TB")


def is_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def amount(value: Decimal | int | None, places: int = 2) -> str:
    """Return a yuan amount with thousands separators and no unit, for columns whose head names the unit."""
    if value is None:
        return "—"
    return format_decimal(
        _rounded(Decimal(value), places), format=f"#,##0.{'0' * places}" if places else "#,##0", locale="en"
    )


def money(value: Decimal | int | None, unit: str = "auto") -> str:
    """Return a yuan amount with its unit: `1,280.50 万元` / `CNY 12,805,000.00`.

    `unit` is `yuan`, `wan` (万元, Chinese only) or `auto`: 万元 from ten thousand on where that loses no digit.
    English readers always see yuan, since English counts no ten-thousands.
    """
    if value is None:
        return "—"
    exact = Decimal(value)
    if not is_chinese():
        return f"CNY {amount(exact)}"
    in_wan = exact / WAN
    lossless = in_wan == _rounded(in_wan, 2)
    if unit == "wan" or (unit == "auto" and abs(exact) >= WAN and lossless):
        return f"{amount(in_wan)} 万元"
    return f"{amount(exact)} 元"


def percent(value: Decimal | float | None, places: int = 1) -> str:
    """Return a share (1 is the whole) as a percentage."""
    if value is None:
        return "—"
    return f"{amount(Decimal(str(value)) * 100, places)}%"


def score(value: Decimal | float | None, places: int = 2) -> str:
    """Return points with two places, as score sheets print them."""
    return "—" if value is None else amount(Decimal(str(value)), places)


def day(value: date | datetime | str | None) -> str:
    """Return a civil date in Shanghai with its weekday: `2026年11月23日 周一` / `Mon 23 Nov 2026`.

    A text is a day that somebody else stated (a bid's opening sheet, say): an ISO date is shown as one, anything else
    as it stands.
    """
    if isinstance(value, str):
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value or "—"
    if value is None:
        return "—"
    civil = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
    if is_chinese():
        return format_date(civil, "yyyy年M月d日 EEE", locale="zh")
    return format_date(civil, "EEE d MMM yyyy", locale="en")


def short_day(value: date | datetime | None) -> str:
    """Return a civil date in Shanghai without its year, for narrow places: `11月23日` / `23 Nov`."""
    if value is None:
        return "—"
    civil = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
    return format_date(civil, "M月d日", locale="zh") if is_chinese() else format_date(civil, "d MMM", locale="en")


def clock_time(value: datetime | None) -> str:
    """Return the clock time of an instant in Shanghai."""
    return "—" if value is None else value.astimezone(SHANGHAI).strftime("%H:%M")


def moment(value: datetime | None) -> str:
    """Return an instant as date, weekday and clock time in Shanghai."""
    return "—" if value is None else f"{day(value)} {clock_time(value)}"


def due(value: date | datetime | None) -> str:
    """Return when something is due: the end of a day reads 23:59, never 00:00 of the day after."""
    if not isinstance(value, datetime):
        return day(value)
    ends_a_day = value.astimezone(SHANGHAI).time() == time()
    return moment(value - timedelta(minutes=1) if ends_a_day else value)


def machine(value: date | datetime | None) -> str:
    """Return a date or instant for the `datetime` attribute of `<time>`."""
    if value is None:
        return ""
    return (
        value.astimezone(SHANGHAI).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    )


def relative(value: date | datetime | None, now: datetime) -> str:
    """Return how far away a moment is: `还有20天` / `in 20 days`, `已过3小时` / `3 hours ago`.

    From two days on, civil days in Shanghai are counted, as people do; nearer than that, hours or minutes.
    """
    if value is None:
        return ""
    today = now.astimezone(SHANGHAI).date()
    if not isinstance(value, datetime):
        return _in_days((value - today).days)
    span = value - now
    if abs(span) >= timedelta(days=2):
        return _in_days((value.astimezone(SHANGHAI).date() - today).days)
    return _in_minutes(int(span.total_seconds()))


def file_size(octets: int | None) -> str:
    """Return a file's size in the largest unit that keeps it above one."""
    if octets is None:
        return "—"
    size, unit = Decimal(octets), _BINARY[0]
    for unit in _BINARY:
        if size < 1024 or unit == _BINARY[-1]:
            break
        size /= 1024
    return f"{amount(size, 0 if unit == 'B' else 1)} {unit}"


def listed(values: Iterable[object]) -> str:
    """Return several names as the reader's language lists them."""
    return str(_("、")).join(str(one) for one in values)


def four_groups(value: str | None) -> str:
    """Return a hash in groups of four letters, so that two people can read it to each other."""
    return " ".join(_chunks(value or "", 4))


def _chunks(value: str, size: int) -> Iterator[str]:
    return (value[start : start + size] for start in range(0, len(value), size))


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _in_days(days: int) -> str:
    if days == 0:
        return str(_("今天"))
    if days > 0:
        return str(_n("还有%(num)d天", "还有%(num)d天", days))
    return str(_n("已过%(num)d天", "已过%(num)d天", -days))


def in_words(words: Words) -> str:
    """Return a rule's words in the reader's language."""
    return words.in_language("zh" if is_chinese() else "en")


def _in_minutes(seconds: int) -> str:
    hours, minutes = divmod(abs(seconds) // 60, 60)
    if hours and seconds > 0:
        return str(_n("还有%(num)d小时", "还有%(num)d小时", hours))
    if hours:
        return str(_n("已过%(num)d小时", "已过%(num)d小时", hours))
    if minutes and seconds > 0:
        return str(_n("还有%(num)d分钟", "还有%(num)d分钟", minutes))
    if minutes:
        return str(_n("已过%(num)d分钟", "已过%(num)d分钟", minutes))
    return str(_("不到1分钟后") if seconds > 0 else _("刚刚"))


def present() -> datetime:
    """Return the instant of this request's unit of work."""
    return current_work().now


def _when_shown(function: Callable[..., str]) -> Callable[..., str]:
    """Keep Jinja from reckoning a filter of a constant when it compiles: that would fix the first reader's language."""

    @pass_context
    def filtered(_context: Context, *values: Any, **options: Any) -> str:
        return function(*values, **options)

    return filtered


def _unbroken(function: Callable[..., str]) -> Callable[..., str]:
    """Wrap what a date filter writes into a page, so that no line breaks inside a day or its weekday."""

    @pass_context
    def filtered(context: Context, value: date | datetime | str | None) -> str:
        words = function(value)
        return Markup('<span class="when">{}</span>').format(words) if context.eval_ctx.autoescape else words

    return filtered


def register(app: Flask, now: Present = present) -> None:
    """Add the filters; `now` answers the instant that `relative` and late deadlines are reckoned from."""

    def relative_now(value: date | datetime | None) -> str:
        return relative(value, now())

    def is_sentence(value: object) -> bool:
        return isinstance(value, str | LazyString)

    def is_past(value: date | datetime | None) -> bool:
        if value is None:
            return False
        return value < now() if isinstance(value, datetime) else value < now().astimezone(SHANGHAI).date()

    app.jinja_env.filters.update(
        amount=amount,
        money=_when_shown(money),
        percent=percent,
        score=score,
        day=_unbroken(day),
        short_day=_when_shown(short_day),
        clock_time=clock_time,
        moment=_unbroken(moment),
        due=_unbroken(due),
        machine=machine,
        relative=_when_shown(relative_now),
        file_size=file_size,
        four_groups=four_groups,
        listed=_when_shown(listed),
        in_words=_when_shown(in_words),
        heading=_when_shown(heading),
    )
    app.jinja_env.tests["past"] = is_past
    app.jinja_env.tests["sentence"] = is_sentence
