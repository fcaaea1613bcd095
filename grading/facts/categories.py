"""What the text says of whole categories (决策, 过程, 产出, 效益): weight, score and score rate in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grading.facts.figures import NUMBER, Figure, Place, decimals_of, plain
from grading.facts.rows import IndicatorTable
from grading.reading.document import Paragraph
from grading.reading.splicing import squeeze

BARE_HEADING = 4
CORES = ("决策", "投入", "过程", "管理", "产出", "效益", "效果", "成本", "满意度")
WEIGHT = re.compile(
    rf"(?:共计?|权重|分值|满分|总分值?|标准分|占|应得|设定|值)\s*(?:为|是|：|:|合计)?\s*(?P<number>{NUMBER})\s*分(?!点)"
)
BARE = re.compile(
    rf"^(?:类|项目|方面|部分)*(?:指标|情况)?(?:该项)?(?:指标)?[\s（(：:]*(?P<number>{NUMBER})\s*分[）)]?\s*[，,、]"
)
SCORE = re.compile(
    rf"(?:得分|评分|实得|得)(?!率)\s*(?:合计|结果)?\s*(?:为|是|：|:)?\s*(?P<number>{NUMBER})\s*分(?![值点])"
)
LONE = re.compile(rf"(?P<number>{NUMBER})\s*分(?![值点])")
RATE = re.compile(rf"得分率\s*(?:仅|只有|达到|达|为|是|：|:)*\s*(?P<number>{NUMBER})\s*%")
AFTER = r"(?=(?:类|方面|部分)?(?:指标|得|共|权重|分值|满分|[（(]\s*\d|\s*\d))"
BEFORE = r"(?:(?<![一-鿿])|(?<=[其中为是和及对在目从即项]))"


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """What one source says of one category; figures that it does not give are None."""

    name: str
    weight: Figure | None
    score: Figure | None
    rate: Figure | None
    quote: str
    place: Place
    heading: str = ""


def key_of(name: str) -> str:
    """The core word of a category's name, its own name where it has none of the usual ones."""
    bare = squeeze(name)
    return next((core for core in CORES if bare.startswith((core, f"项目{core}")) and len(bare) <= len(core) + 6), bare)


def tabled(
    tables: Sequence[IndicatorTable], main: IndicatorTable | None
) -> tuple[list[CategoryFigures], list[IndicatorTable]]:
    """The categories as the score tables give them, and the summary tables among `tables`.

    The first entries are those of the main table: stated subtotals where there are some, else sums that carry no quote.
    """
    if main is None:
        return [], []
    found: list[CategoryFigures] = []
    names = list(dict.fromkeys(leaf.level1 for leaf in main.leaves if leaf.level1))
    keys = {key_of(name) for name in names}
    for group in main.groups:
        if group.level == 1 and group.score is not None:
            name = main.leaves[group.members[0]].level1 if group.members else group.name
            found.append(
                CategoryFigures(
                    key_of(name), group.weight, group.score, group.rate, group.score.text, group.score.place
                )
            )
    summaries = []
    for table in tables:
        if table is main or not 2 <= len(table.leaves) <= 8:
            continue
        own = [key_of(leaf.name) for leaf in table.leaves]
        if len(keys & set(own)) < max(2, len(table.leaves) - 1):
            continue
        summaries.append(table)
        for leaf, key in zip(table.leaves, own, strict=True):
            figure = leaf.score or leaf.weight
            if figure is not None:
                found.append(CategoryFigures(key, leaf.weight, leaf.score, leaf.rate, figure.text, figure.place))
    found.extend(summed(main, name) for name in names)
    return found, summaries


def summed(main: IndicatorTable, name: str) -> CategoryFigures:
    """A category's figures as sums over its indicators; None where one of them is not readable."""
    leaves = [leaf for leaf in main.leaves if leaf.level1 == name]
    place = Place(leaves[0].page, None, main.table.index, leaves[0].row)
    weights = [leaf.weight for leaf in leaves]
    scores = [leaf.score for leaf in leaves]
    return CategoryFigures(key_of(name), total_of(weights, place), total_of(scores, place), None, "", place)


def total_of(figures: Sequence[Figure | None], place: Place) -> Figure | None:
    """The sum of figures as a figure without quote, None where one is missing."""
    known = [figure for figure in figures if figure is not None]
    if not known or len(known) < len(figures):
        return None
    value = sum((figure.value for figure in known), Decimal(0))
    decimals = max(figure.decimals for figure in known)
    return Figure(value, "分", "score", decimals, str(value), place)


def told(paragraphs: Iterable[Paragraph], names: Iterable[str]) -> list[CategoryFigures]:
    """The categories as sentences give them; `names` are the first-level names of the report's own table."""
    known = sorted({key_of(name) for name in names} | {"决策", "过程", "产出", "效益"}, key=len, reverse=True)
    mention = re.compile(
        rf"{BEFORE}(?P<name>{'|'.join(map(re.escape, known))}){AFTER}|(?P<this>该项|该类|本项|本类|此项)(?:一级)?指标"
    )
    found: list[CategoryFigures] = []
    heading = ""
    within = re.compile(rf"{mention.pattern}|(?P<here>(?:该|此)(?:部分|类)?指标|该部分)")
    for paragraph in paragraphs:
        if paragraph.origin != "body":
            continue
        text = plain(paragraph.text)
        opening = re.split(
            r"[。：:；]", re.sub(r"^\s*[（(]?[一二三四五六七八九十\d]+[）).、．]", "", text), maxsplit=1
        )[0]
        here = False
        if paragraph.level or re.match(r"^\s*[（(]?[一二三四五六七八九十\d]+[）).、．]", text):
            heads = [key for key in known if re.search(rf"{BEFORE}{re.escape(key)}", opening)]
            here = len(heads) == 1 and not paragraph.level and len(opening) <= len(heads[0]) + BARE_HEADING
            if paragraph.level in {1, 2, 3} or (heads and len(opening) <= 16):
                heading = (
                    heads[0] if len(heads) == 1 else ("" if paragraph.level in {1, 2} or len(heads) > 1 else heading)
                )
        for sentence in re.finditer(r"[^。；;\n]+", text):
            # 2.社会评价。该指标分值20分，…: here the words mean the category that opens the paragraph.
            mentions = list((within if here else mention).finditer(sentence.group(0)))
            for number, match in enumerate(mentions):
                end = mentions[number + 1].start() if number + 1 < len(mentions) else len(sentence.group(0))
                start = sentence.start() + match.start()
                name = match["name"] or heading
                if name:
                    statement = statement_of(
                        name,
                        paragraph,
                        start,
                        sentence.start() + end,
                        skip=match.end() - match.start(),
                        heading=heading,
                    )
                    if statement:
                        found.append(statement)
    return found


def statement_of(
    name: str, paragraph: Paragraph, start: int, end: int, *, skip: int, heading: str
) -> CategoryFigures | None:
    """Read weight, score and rate from one stretch of a sentence; None where it gives no score."""
    place = Place(paragraph.page, paragraph.index)
    words = plain(paragraph.text)[start:end]
    score, rate = SCORE.search(words), RATE.search(words)
    bare = BARE.search(words[skip:], 0)
    if score is None and rate is not None and bare is not None and WEIGHT.search(words) is None:
        lone = LONE.search(words, skip, rate.start())  # 决策指标10.40分，得分率69.33%
        score, bare = (lone, None) if lone and lone.start() < skip + bare.end() else (None, bare)
    if score is None:
        return None
    weight = WEIGHT.search(words, 0, score.start()) or bare
    if re.search(r"[一-鿿]指标", words[len(name) + 4 : score.start()]) and "级指标" not in words[: score.start()]:
        return None
    shift = skip if weight is not None and weight.re is BARE else 0
    last = max(match.end() + (shift if match is weight else 0) for match in (weight, score, rate) if match)
    quote = paragraph.text[start : start + last]

    def figure(match: re.Match[str] | None, unit: str, kind: str) -> Figure | None:
        if match is None:
            return None
        number = match["number"].replace(",", "")
        return Figure(Decimal(number), unit, kind, decimals_of(number), match.group(0), place)

    return CategoryFigures(
        name,
        figure(weight, "分", "score"),
        figure(score, "分", "score"),
        figure(rate, "%", "percent"),
        quote,
        place,
        heading,
    )
