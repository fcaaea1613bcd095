"""The editor of a rubric's draft, and the forms around it: shape only; what must hold is in `rubric.faults_of`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from wtforms import BooleanField, DecimalField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from core.http.choices import choices
from core.http.forms import Form
from core.i18n import Text, _l
from core.rules import Words
from grading.facts.sections import NAMES
from grading.rubric import Dimension, ErrorLine, Level, NotApplicable, RequiredPart, Rubric, said

NOTHING = Decimal(0)
Row = TypeVar("Row")


class ChooseForm(Form):
    """Putting a version in force for new reports."""

    version = SelectField(_l("新报告使用的版本"), validate_choice=False)
    reason = StringField(_l("理由"), [Optional(), Length(max=500)])


def rubric_form(rubric: Rubric, classes: Mapping[str, Text], **kwargs: Any) -> Form:
    """Return the editor of a rubric, with a field for everything that may be changed, filled with what it holds.

    `classes` are the classes of findings that may lead to a proposal, with their titles.
    """
    fields: dict[str, Any] = {
        "title_zh": StringField(_l("标准名称"), [Optional(), Length(max=120)], default=rubric.name.zh),
        "title_en": StringField(_l("标准名称（英文）"), [Optional(), Length(max=120)], default=rubric.name.en),
        "says_zh": TextAreaField(_l("说明"), [Optional(), Length(max=1000)], default=rubric.says.zh),
        "says_en": TextAreaField(_l("说明（英文）"), [Optional(), Length(max=1000)], default=rubric.says.en),
        "deduct_most": DecimalField(
            _l("建议扣分的上限（占本项分值，0–1）"), [Optional()], places=2, default=rubric.deduct_most
        ),
        "late_day": DecimalField(_l("逾期每日扣时效分"), [Optional()], places=2, default=rubric.late_day),
    }
    for place, line in enumerate(rubric.quality):
        fields |= _dimension_fields(f"d{place}", line, classes)
    made: type[Form] = type("RubricForm", (Form,), fields)
    return made(**kwargs)


def _dimension_fields(at: str, line: Dimension, classes: Mapping[str, Text]) -> dict[str, Any]:
    ways = [(NotApplicable.FULL.value, _l("不扣分")), (NotApplicable.SPREAD.value, _l("分值分摊到其余内容"))]
    fields: dict[str, Any] = {
        f"{at}_zh": StringField(_l("评分项"), [Optional(), Length(max=60)], default=line.name.zh),
        f"{at}_en": StringField(_l("评分项（英文）"), [Optional(), Length(max=60)], default=line.name.en),
        f"{at}_note_zh": StringField(_l("看什么"), [Optional(), Length(max=300)], default=line.note.zh),
        f"{at}_note_en": StringField(_l("看什么（英文）"), [Optional(), Length(max=300)], default=line.note.en),
        f"{at}_points": DecimalField(_l("分值"), [Optional()], places=2, default=line.full),
        f"{at}_proposes": BooleanField(_l("允许系统提出扣分建议"), default=line.proposes),
        f"{at}_fine": BooleanField(_l("档位之内可以微调"), default=line.fine),
        f"{at}_apart": SelectField(
            _l("不适用的内容"), choices=choices(ways), default=line.not_applicable.value, validate_choice=False
        ),
    }
    for place, level in enumerate(line.levels):
        name = f"{at}_l{place}"
        fields |= {
            f"{name}_zh": StringField(_l("档位"), [Optional(), Length(max=40)], default=level.title.zh),
            f"{name}_en": StringField(_l("档位（英文）"), [Optional(), Length(max=40)], default=level.title.en),
            f"{name}_anchor_zh": StringField(_l("档位说明"), [Optional(), Length(max=300)], default=level.anchor.zh),
            f"{name}_anchor_en": StringField(
                _l("档位说明（英文）"), [Optional(), Length(max=300)], default=level.anchor.en
            ),
            f"{name}_begins": DecimalField(_l("起点"), [Optional()], places=2, default=level.begins),
            f"{name}_fill": DecimalField(_l("点选得分"), [Optional()], places=2, default=level.fill),
        }
    for place, one in enumerate(line.errors):
        fields |= _row_fields(f"{at}_e{place}", _l("扣分条目"), one.title, one.points)
        fields[f"{at}_e{place}_codes"] = SelectMultipleField(
            _l("由哪些疑点提出建议"), choices=choices(classes.items()), default=list(one.codes), validate_choice=False
        )
    sections = [("", _l("只能由人查看")), *((key, said(Words(*names))) for key, names in NAMES.items())]
    for place, part in enumerate(line.parts):
        fields |= _row_fields(f"{at}_p{place}", _l("必备内容"), part.title, part.points)
        fields[f"{at}_p{place}_section"] = SelectField(
            _l("系统按哪一部分查找"), choices=choices(sections), default=part.section, validate_choice=False
        )
    return fields


def _row_fields(name: str, title: Text, words: Words, points: Decimal) -> dict[str, Any]:
    return {
        f"{name}_zh": StringField(title, [Optional(), Length(max=120)], default=words.zh),
        f"{name}_en": StringField(_l("英文"), [Optional(), Length(max=120)], default=words.en),
        f"{name}_points": DecimalField(_l("扣分"), [Optional()], places=2, default=points),
    }


def rubric_in(form: Form, rubric: Rubric) -> Rubric:
    """Return the rubric as it was edited in a form made of `rubric`."""
    return replace(
        rubric,
        name=_words(form, "title"),
        says=_words(form, "says"),
        deduct_most=_number(form, "deduct_most"),
        late_day=_number(form, "late_day"),
        quality=tuple(_dimension(form, f"d{place}", line) for place, line in enumerate(rubric.quality)),
    )


def _dimension(form: Form, at: str, line: Dimension) -> Dimension:
    apart = form.text(f"{at}_apart")
    return replace(
        line,
        name=_words(form, at),
        note=_words(form, f"{at}_note"),
        full=_number(form, f"{at}_points"),
        proposes=bool(form[f"{at}_proposes"].data),
        fine=bool(form[f"{at}_fine"].data),
        not_applicable=NotApplicable(apart) if apart in set(NotApplicable) else NotApplicable.FULL,
        seen=True if form.text(f"{at}_zh") != line.name.zh else line.seen,
        levels=tuple(
            Level(
                _words(form, f"{at}_l{place}"),
                _words(form, f"{at}_l{place}_anchor"),
                _number(form, f"{at}_l{place}_begins"),
                _number(form, f"{at}_l{place}_fill"),
            )
            for place, _level in enumerate(line.levels)
        ),
        errors=tuple(
            replace(
                one,
                title=_words(form, f"{at}_e{place}"),
                points=_number(form, f"{at}_e{place}_points"),
                codes=tuple(form[f"{at}_e{place}_codes"].data or ()),
            )
            for place, one in enumerate(line.errors)
        ),
        parts=tuple(
            replace(
                one,
                title=_words(form, f"{at}_p{place}"),
                points=_number(form, f"{at}_p{place}_points"),
                section=form.text(f"{at}_p{place}_section"),
            )
            for place, one in enumerate(line.parts)
        ),
    )


def _words(form: Form, name: str) -> Words:
    chinese, english = form.text(f"{name}_zh"), form.text(f"{name}_en")
    return Words(chinese, english or chinese)


def _number(form: Form, name: str) -> Decimal:
    value: Decimal | None = form[name].data
    return value if value is not None else NOTHING


def grown(rubric: Rubric, deed: str) -> Rubric | None:
    """Return the rubric with a row more or less, as a button asked (`add`, `add-level:2`, `drop-error:2:0`), or None.

    What is added is empty and is filled in afterwards.
    """
    verb, *places = deed.split(":")
    try:
        at = [int(one) for one in places]
        if verb == "add":
            return replace(rubric, quality=(*rubric.quality, _new_dimension(rubric)))
        if verb == "drop" and len(rubric.quality) > 1:
            return replace(rubric, quality=_without(rubric.quality, at[0]))
        line = rubric.quality[at[0]]
        changed = _grown_line(line, verb, at[1:])
    except (ValueError, IndexError):
        return None
    if changed is None:
        return None
    return replace(rubric, quality=(*rubric.quality[: at[0]], changed, *rubric.quality[at[0] + 1 :]))


def _grown_line(line: Dimension, verb: str, at: Sequence[int]) -> Dimension | None:
    empty = Words("", "")
    error = ErrorLine(_free("own", [one.key for one in line.errors]), empty, NOTHING)
    part = RequiredPart(_free("own", [one.key for one in line.parts]), empty, NOTHING)
    deeds: dict[str, Callable[[], Dimension]] = {
        "add-level": lambda: replace(line, levels=(*line.levels, Level(empty, empty, NOTHING, NOTHING))),
        "add-error": lambda: replace(line, errors=(*line.errors, error)),
        "add-part": lambda: replace(line, parts=(*line.parts, part)),
        "drop-level": lambda: replace(line, levels=_without(line.levels, at[0])),
        "drop-error": lambda: replace(line, errors=_without(line.errors, at[0])),
        "drop-part": lambda: replace(line, parts=_without(line.parts, at[0])),
    }
    return deeds[verb]() if verb in deeds else None


def _new_dimension(rubric: Rubric) -> Dimension:
    return Dimension(_free("own", [one.key for one in rubric.quality]), Words("", ""), Words("", ""), NOTHING)


def _free(stem: str, taken: Sequence[str]) -> str:
    return next(f"{stem}{number}" for number in range(1, len(taken) + 2) if f"{stem}{number}" not in taken)


def _without(rows: tuple[Row, ...], place: int) -> tuple[Row, ...]:
    if not 0 <= place < len(rows):
        raise IndexError(place)
    return (*rows[:place], *rows[place + 1 :])
