"""The total score and the grade of a report, at every place that states them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from grading.facts.bands import WORDS
from grading.facts.figures import NUMBER, Figure, Place, decimals_of, plain
from grading.facts.rows import IndicatorTable
from grading.reading.document import Paragraph

SUBJECT = re.compile(
    r"综合|总体|总得分|总分|总评|最终|项目(?:绩效)?(?:评价)?(?:综合|总体)?(?:得分|评分)|绩效(?:评价)?(?:综合|总体)?(?:得分|评分|评价得)|评价(?:综合|总体|最终)?得分"
    r"|(?:经|本次|此次)(?:综合)?评[价议估]|自评(?:综合|总)?得?分|评价组|评价结果|评定"
)
GRADED = 3
LONG = 90
PART = re.compile(
    r"(?:决策|过程|产出|效益|投入|效果|管理|成本|满意度|一级|二级|三级|[ABCD]\d{0,3}|该项|该|本|各)(?:类|项目|方面)*(?:指标|部分得|方面得)"
    r"|(?:决策|过程|产出|效益|投入|效果|成本|满意度)(?:类|方面|情况|部分|管理)?[^，,。；;]{0,6}$"
)
STRONG = re.compile(
    r"综合|总体|总得分|总分(?!值)|总评|最终|项目[^，,。；;指]{0,20}(?:得分|评分|得)$|绩效[^，,。；;指]{0,8}得|自评|评价组"
)
SCORE = re.compile(
    rf"(?:得分|评分|总分|得|分数|成绩)\s*(?:结果)?(?:合计|共计)?\s*(?:为|是|达|：|:)?\s*[“\"]?\s*(?P<number>{NUMBER})\s*分(?![值别之钟])"
)
GRADE = re.compile(
    rf"(?:等级|级别|评级|等次|档次|结果|结论|评定|绩效|评价)(?:结果|等级|等次|级别)?\s*(?:均|被)?(?:评定|确定|认定|评)?(?:为|属于|是|属|：|:|达到)?\s*[“\"‘「『《]?\s*"
    rf"(?P<grade>{WORDS})(?![异好势化先质惠先越等间期央心小度学班段])(?:等次|等级|级|等)?(?=[”\"’」』》，,。；;、）)（(\s级等档]|$|\d)"
)
BAND_LIKE = re.compile(
    r"(?:含）?|以上|以下|[-—–~～至])\s*\d*\s*分?\s*(?:（[^）]*）)?(?:的)?(?:，)?(?:评价)?(?:等级|级别|结果)?(?:为|是|属)?[“\"]?$"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One place that states the total score, the grade, or both together."""

    score: Figure | None
    grade: str
    quote: str
    place: Place


@dataclass(frozen=True)
class Headline:
    """What the report states of its total: all statements, the score and the grade that most of them give."""

    statements: tuple[Statement, ...]
    score: Figure | None
    grade: str


def statements_in(paragraph: Paragraph) -> list[Statement]:
    """The statements of one paragraph. A grade belongs to the score before it in the same or the next sentence."""
    text = plain(paragraph.text)
    place = Place(paragraph.page, paragraph.index)
    found: list[Statement] = []
    last: Figure | None = None
    events = [*SCORE.finditer(text), *GRADE.finditer(text)]
    for match in sorted(events, key=lambda event: event.start()):
        sentence = sentence_start(text, match.start())
        if match.re is SCORE:
            figure = total_in(paragraph, text, sentence, match)
            if figure is not None:
                found.extend(alone(text, last))
                last = figure
        elif not defines(text, sentence, match):
            near = last is not None and len(re.findall(r"[。；;]", text[last.end : match.start()])) <= 1
            if not near and not SUBJECT.search(text[sentence : match.end()]):
                continue
            quote = paragraph.text[last.start if near and last else match.start() : match.end()]
            if len(quote) > LONG:
                quote = paragraph.text[match.start() : match.end()]
            found.append(Statement(last if near else None, match["grade"], quote, place))
            last = None if near else last
    return [*found, *alone(text, last)]


def sentence_start(text: str, position: int) -> int:
    """Where the sentence around a position begins."""
    return max(text.rfind(mark, 0, position) for mark in "。；;\n") + 1


def alone(text: str, score: Figure | None) -> list[Statement]:
    """The statement of a score to which no grade came; it counts where its sentence plainly speaks of the whole."""
    if score is None or not STRONG.search(text[sentence_start(text, score.start) : score.end]):
        return []
    return [Statement(score, "", score.text, score.place)]


def total_in(paragraph: Paragraph, text: str, sentence: int, match: re.Match[str]) -> Figure | None:
    """The score that a match states if it may be the total: not a part's, not a full mark, not a band."""
    before = text[sentence : match.start("number")]
    clause = re.split(r"[，,：:]", before)[-1]
    full = re.match(r"总分\s*100", match.group(0)) or re.search(r"满分|分值|权重|扣", clause)
    band = re.match(r"\s*(?:[（(]?含|[-—–~～至]|以[上下])", text[match.end() :])
    if full or band or not SUBJECT.search(before) or is_part(before, clause):
        return None
    value = Decimal(match["number"].replace(",", ""))
    if not 1 <= value <= 130:
        return None
    exact = paragraph.text[match.start() : match.end()]
    place = Place(paragraph.page, paragraph.index)
    return Figure(value, "分", "score", decimals_of(match["number"]), exact, place, match.start(), match.end())


def is_part(before: str, clause: str) -> bool:
    """Whether a score is that of a category or an indicator: one is named after the last word for the whole."""
    if re.search(r"分值(?:为|：|:)?\s*\d", before):
        return True
    parts = [match.start() for match in PART.finditer(before)]
    wholes = [match.start() for match in STRONG.finditer(before)]
    return bool(parts and (not wholes or parts[-1] > wholes[-1])) or ("指标" in clause and "指标体系" not in clause)


def defines(text: str, sentence: int, match: re.Match[str]) -> bool:
    """Whether a grade stands in a definition of bands, or in a list of grades, not in a verdict."""
    end = min((position for mark in "。\n" if (position := text.find(mark, match.end())) >= 0), default=len(text))
    whole = text[sentence:end]
    following = text[match.end() : match.end() + 12]
    listed = re.match(rf"[”\"’」』]?\s*[、/]\s*[“\"‘「『]?(?:{WORDS})", following)
    banded = BAND_LIKE.search(text[max(sentence, match.start() - 22) : match.start("grade")])
    several = len(set(re.findall(rf"[“\"](?:{WORDS})[”\"]", whole))) >= 3 and not re.search(
        r"得分|评价得", whole[: match.start() - sentence]
    )
    return bool(listed or several or (banded and re.search(r"[-—–~～至含]", banded.group(0))))


def find_headline(paragraphs: Iterable[Paragraph], main: IndicatorTable | None) -> Headline:
    """Collect all statements of total score and grade; the most frequent value is the report's."""
    found: list[Statement] = []
    for paragraph in paragraphs:
        if paragraph.origin == "body":
            found.extend(statements_in(paragraph))
    if main and main.total and main.total.score:
        total = main.total.score
        found.append(Statement(total, "", total.text, total.place))
    scores: Counter[Decimal] = Counter()
    for statement in found:
        if statement.score:
            scores[statement.score.value] += GRADED if statement.grade or statement.score.place.table is not None else 1
    grades = Counter(statement.grade for statement in found if statement.grade)
    best = scores.most_common(1)[0][0] if scores else None
    score = next((s.score for s in found if s.score and s.score.value == best), None)
    return Headline(tuple(found), score, grades.most_common(1)[0][0] if grades else "")
