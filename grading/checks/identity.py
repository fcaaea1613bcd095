"""Who and what the report is about: `document-kind`, `entity-name`, `independence`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, message
from grading.facts.sentences import sentences
from grading.reading.document import Report
from grading.reading.splicing import squeeze

KINDS = {
    "evaluation": re.compile(r"绩效评价报告|评价报告$|绩效评价(?:综合)?报告|重点评价报告"),
    "self": re.compile(r"自评报告|自评价报告|绩效自评"),
    "audit": re.compile(r"审计报告|专项审计|审核报告|鉴证报告"),
    "ex-ante": re.compile(r"事前(?:绩效)?评估|可行性研究报告|可研报告|评估报告$"),
    "monitor": re.compile(r"监控报告|绩效监控|绩效跟踪"),
    "acceptance": re.compile(r"验收报告|竣工报告|工作总结|总结报告|实施方案|工作方案|申报书"),
}
VERDICT = re.compile(r"绩效评价(?:总?得分|等级|结论|综合得分|指标|工作)|评价(?:等级|结论|得分)|评价组")
OWN_VERDICT = re.compile(r"自评(?:得分|等级|结论|表|总分|工作)")
VERDICTS = 3
SYSTEM = 8  # indicators with points: no other kind of document has them
WORDS = {
    "evaluation": ("绩效评价报告", "evaluation report"),
    "self": ("自评报告", "self-evaluation report"),
    "audit": ("审计报告", "audit report"),
    "ex-ante": ("事前评估或可行性研究报告", "ex-ante or feasibility report"),
    "monitor": ("监控报告", "monitoring report"),
    "acceptance": ("验收、总结或方案", "acceptance report, summary or plan"),
}
THIRD_PARTY = re.compile(
    r"评价机构|受托(?:评价)?(?:方|机构|单位)|第三方(?:评价)?机构|委托(?:单位|方)|受[^，。]{2,16}委托"
)
PROJECT_LINE = re.compile(r"^(?:被?评价)?项目名称\s*[:：]\s*(?P<name>.{4,60})$")
FROM_TITLE = re.compile(
    r"^(?:.{2,8}?(?:省|市|区|县|镇))?(?:关于)?(?:\d{4}\s*(?:年度?|[-—]\d{4}年度?))?(?P<name>.{4,50}?)(?:财政支出|预算|资金)?(?:绩效|专项|重点)"
)
CARRIED_OUT = re.compile(
    r"(?:组织实施|负责实施|承担|实施)(?:的|了)?[《“]?(?P<name>[一-鿿（）()]{4,28}?项目)(?=[，。；、,;的（(]|$|旨在|》|”)"
)
FOUNDED = re.compile(r"(?:设立|开展|实施)(?:了)?(?:\d{4}\s*年度?)?(?P<name>[一-鿿（）()]{4,28}?项目)(?=[，。；])")
NAMED = re.compile(
    r"(?:^|[，。；：、“]|设立|开展|对)(?:\d{4}\s*年度?)?(?P<name>[一-鿿（）()]{4,28}?项目)"
    r"(?=由[^，。]{2,24}实施|为[^，。]{2,12}(?:实事|重点|专项)项目|[（(]以下简称|开展(?:了)?绩效评价|全年预算|总预算|绩效评价(?:总?得分|等级))"
)
GENERAL = re.compile(
    r"^(?:本|该|此|各|其他|上述|同类|类似|部分|有关|相关|对)|(?:等|类|子|各|多个)项目$|建设项目$|支出项目$"
)
COMPARED = re.compile(r"借鉴|参照|对比|例如|比如|类似|同类|周边|兄弟|其他|子项目|包括|包含|上年|去年")
PLACE = re.compile(r"^.{2,8}?(?:省|市|区|县|镇|乡)|^\d{4}年度?")
BODY = re.compile(r"(?P<region>[一-鿿]{2,4}(?:市|区|县))(?P<body>[一-鿿]{2,12}(?:局|委员会|委|办公室|中心|学校|医院))")
AGENCY = re.compile(r"(?:评价机构|受托(?:评价)?机构|受托方|第三方机构)\s*[:：]\s*(?P<name>.{4,40})$")
COMPANY = re.compile(r"[一-鿿（）()]{4,30}(?:事务所(?:（[^）]+）)?|有限(?:责任)?公司|研究院|研究中心|咨询中心)")
TOOK_PART = re.compile(r"共同|参加|参与|协助|派员|联合|代为|承担|编制|编写|撰写|组成")
NOT = re.compile(r"未(?:参与|参加|承担|曾)|没有|不(?:得|参与|存在)|独立于|不属于|无")
SELF_OR_PROJECT = re.compile(r"自评(?:工作|报告|小组|组)?|绩效自评|项目(?:设计|监理|招标代理|造价|可研|建设|实施方案)")


def kind_of(text: str) -> str | None:
    """Return the kind of document that words name; None where they name none."""
    found = [kind for kind, pattern in KINDS.items() if pattern.search(squeeze(text))]
    return found[0] if len(found) == 1 else None


@check("document-kind", severity=Severity.WARNING)
def document_kind(context: Context) -> Iterator[Finding]:
    """N2: the title or a page header names another kind of document than the text is."""
    report = context.facts.report
    text = "".join(one.text for one in report.paragraphs[:400])
    outside = THIRD_PARTY.search(text)
    own = "evaluation" if len(re.findall(r"绩效评价", text)) >= 5 and outside else None
    if own is None and len(VERDICT.findall(text)) >= VERDICTS:
        own = "evaluation"
    if own is None and not outside and len(OWN_VERDICT.findall(text)) >= VERDICTS:
        own = "self"
    main = context.facts.main
    if own is None and main is not None and main.scored >= SYSTEM:
        own = "evaluation"
    title = kind_of(report.title)
    if own is None and title == "evaluation":
        own = title
    if own is None or ({own, title} == {"evaluation", "self"} and not outside):
        return  # a unit's own report is called either way
    if title is not None and title != own:
        first = next(
            (one for one in report.paragraphs if squeeze(one.text) and squeeze(one.text) in squeeze(report.title)), None
        )
        where = Evidence(
            first.text.strip() if first else report.title, first.page if first else None, first.index if first else None
        )
        yield _kind(title, own, where, report.title)
    for header in dict.fromkeys(report.headers):
        kind = kind_of(header)
        if kind is not None and kind != own and not (kind == "self" and title == "self"):
            yield _kind(kind, own, Evidence(header.strip()), header.strip())


def _kind(named: str, own: str, evidence: Evidence, stated: str) -> Finding:
    return Finding(
        "document-kind",
        Severity.WARNING,
        message(
            f"标题或页眉写为“{WORDS[named][0]}”，而正文是{WORDS[own][0]}，请核对。",
            f"The title or header names a {WORDS[named][1]}, but the text is a {WORDS[own][1]}. Please check.",
        ),
        (evidence,),
        stated,
        WORDS[own][0],
        {"confidence": 0.9, "table": 0.0, "parts": 2.0},
    )


@check("entity-name", severity=Severity.WARNING)
def entity_name(context: Context) -> Iterator[Finding]:
    """N1: the text carries out another project than the report's, or names a body of another place.

    Silent on former names, comparisons and bodies that stand more than once.
    """
    report = context.facts.report
    own = _project(report)
    if own:
        yield from _other_project(report, own)
    yield from _other_region(report)


def _project(report: Report) -> str:
    for paragraph in report.paragraphs[:60]:
        line = PROJECT_LINE.match(paragraph.text.strip())
        if line is not None:
            return _bare(line["name"])
    title = FROM_TITLE.match(squeeze(report.title))
    return _bare(title["name"]) if title else ""


def _bare(name: str) -> str:
    bare = squeeze(name)
    while (shorter := PLACE.sub("", bare, count=1)) != bare:
        bare = shorter
    return bare


def _other_project(report: Report, own: str) -> Iterator[Finding]:
    text = "".join(one.text for one in report.paragraphs)
    told: set[tuple[int, str]] = set()
    for paragraph in report.paragraphs:
        places = [one for pattern in (CARRIED_OUT, NAMED, FOUNDED) for one in pattern.finditer(paragraph.text)]
        for found in places:
            name = _bare(found["name"])
            alike = SequenceMatcher(None, name, own).ratio()
            if len(name) < 7 or name in own or own in name or alike > 0.5 or text.count(name) > 2:
                continue
            begin = max(0, found.start() - 16)
            if found.re is not CARRIED_OUT and (
                GENERAL.search(name) or COMPARED.search(paragraph.text[begin : found.end()])
            ):
                continue
            if (paragraph.index, name) not in told:
                told.add((paragraph.index, name))
                yield _entity(found["name"], own, Evidence(found.group(0), paragraph.page, paragraph.index), 0.8)


def _other_region(report: Report) -> Iterator[Finding]:
    regions: Counter[str] = Counter()
    named: dict[tuple[str, str], list[tuple[str, Evidence]]] = {}
    for paragraph in report.paragraphs:
        for found in BODY.finditer(paragraph.text):
            region = _region(found["region"])
            regions[region] += 1
            where = Evidence(found.group(0), paragraph.page, paragraph.index)
            named.setdefault((region, found["body"]), []).append((paragraph.text, where))
    if not regions:
        return
    main, count = regions.most_common(1)[0]
    for (region, body), places in named.items():
        same = len(named.get((main, body), []))
        if region == main or count < 6 or same < 3 or len(places) > 1 or regions[region] > 1:
            continue
        text, where = places[0]
        if re.search(r"原|前身|更名|借鉴|学习|考察|兄弟|对比|相比|以[^，。]{0,6}为例", text):
            continue
        yield _entity(where.quote, f"{main}{body}", where, 0.85)


def _region(words: str) -> str:
    return words[-3:]


def _entity(stated: str, own: str, evidence: Evidence, sure: float) -> Finding:
    return Finding(
        "entity-name",
        Severity.WARNING,
        message(
            f"此处写为“{stated}”，与本报告的“{own}”不同，请核对是否误用其他报告的内容。",
            f"This names “{stated}”, not the report's “{own}”. Was it taken from another report?",
        ),
        (evidence,),
        stated,
        own,
        {"confidence": sure, "table": 0.0, "parts": 2.0},
    )


@check("independence", severity=Severity.WARNING)
def independence(context: Context) -> Iterator[Finding]:
    """I1: the agency, or somebody of its team, also took part in the unit's self-evaluation or in the project."""
    report = context.facts.report
    names = {"评价机构", "我公司", "本公司", "我所", "本所", "本机构"}
    for paragraph in report.paragraphs[:80]:
        line = AGENCY.search(paragraph.text.strip())
        if line is not None:
            names.add(squeeze(line["name"]))
    last = [one.text.strip() for one in report.paragraphs[-30:]]
    names |= {squeeze(one) for one in last if COMPANY.fullmatch(squeeze(one))}
    for paragraph in report.paragraphs:
        if paragraph.origin != "body":
            continue
        for start, end in sentences(paragraph.text):
            sentence = squeeze(paragraph.text[start:end])
            if not any(name in sentence for name in names) or not SELF_OR_PROJECT.search(sentence):
                continue
            if (
                not TOOK_PART.search(sentence)
                or NOT.search(sentence)
                or re.search(r"收集|查阅|复核|核查|审核了|依据|根据|基础上", sentence)
            ):
                continue
            quote = paragraph.text[start:end].strip()
            yield Finding(
                "independence",
                Severity.WARNING,
                message(
                    "评价机构或其成员似乎参与了单位自评或项目工作，请核对独立性（R-AGENCY-01）。",
                    "The agency or its team seems to have taken part in the self-evaluation or project (R-AGENCY-01).",
                ),
                (Evidence(quote, paragraph.page, paragraph.index),),
                quote[:60],
                "评价机构应独立于被评价单位",
                {"confidence": 0.85, "table": 0.0, "parts": 1.0},
            )
