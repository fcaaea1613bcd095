"""Problems that an indicator with full marks denies, in other words than its name (`problem-score`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.problems import REFERS, problem_paragraphs
from grading.checks.registry import Context, check, evidence, message
from grading.checks.wording import NUMBERING
from grading.facts.figures import Figure
from grading.facts.rows import Indicator
from grading.reading.document import Paragraph
from grading.reading.splicing import squeeze

DENIED = re.compile(
    r"(?:未发现|没有发现|未发生|不存在|未出现|未见|杜绝了?|(?<![一-鿿])无(?!法|需|关|论|感))(?P<what>[^，。；,;（(×%=＝\d]{3,40}?)(?:的)?"
    r"(?:情况|问题|现象|行为|情形|事项)?(?=[，。；,;（(]|$)"
)
EXCUSED = re.compile(r"(?:未|不|免)予?(?:作)?扣分|不影响(?:得分|评分)|已(?:全部)?整改(?:到位|完毕|完成)|作出?提示|免扣")
FAULTS = re.compile(r"截留|挤占|挪用|虚列|套取|滞留|拖欠|超范围|超标准|转包|违规分包|虚报|冒领|白条")
NONE_OF = re.compile(r"(?:未|无|没有|防止|杜绝|避免|不)[^，。；]{0,6}$")
COMMON = re.compile(r"(?:项目|资金|绩效|管理|实施|评价|单位|工作|相关|制度|财政)+")
SAME_WORDS = 4
LEAD = 60
QUALITIES: Mapping[str, str] = {
    "健全": "不(?:够)?(?:健全|完善)|缺失|缺位|未(?:制定|建立)|没有(?:制定|建立)|空白",
    "完善": "不(?:够)?(?:健全|完善)|缺失|未(?:制定|建立)",
    "有效": "不(?:够)?(?:到位|严格|有效|力)|未(?:严格)?(?:执行|落实)|流于形式|不严|走过场",
    "合规": "不(?:够)?(?:合规|规范)|违规|违反",
    "规范": "不(?:够)?(?:合规|规范)|违规|随意",
    "明确": "不(?:够)?(?:明确|清晰|具体|量化|细)|未(?:能)?(?:量化|细化)|(?:难以|无法|不可|没有可)衡量|笼统",
    "合理": "不(?:够)?合理|(?:偏|过)(?:低|高)|脱离实际|不(?:相)?匹配",
    "科学": "不(?:够)?(?:科学|精准|准确|细化|精细|细)|粗放|简单上浮",
    "及时": "不(?:够)?及时|滞后|延迟|逾期|拖延|未(?:能)?(?:按时|及时)",
    "完整": "不(?:够)?(?:完整|齐全|全)|缺失|缺漏|遗漏",
    "充分": "不(?:够)?充分|缺乏",
    "真实": "不(?:够)?(?:真实|准确)|虚假|失真",
    "可控": "不(?:够)?可控|失控|超(?:支|概算|预算)",
}
NAMED = re.compile(rf"^(?P<object>[一-鿿]{{2,10}}?)(?P<quality>{'|'.join(QUALITIES)})(?:性|度|率|情况|程度)?$")


@check("problem-score", severity=Severity.WARNING)
def denied_problem(context: Context) -> Iterator[Finding]:
    """P1: a described problem, where the note of an indicator with full marks says that there is no such thing.

    Or one that denies its own quality (资金使用不规范 beside full marks for 资金使用规范性). Silent where the
    problem is deducted under an indicator that it names or that has the same object, and where it is excused.
    """
    main = context.facts.main
    if main is None:
        return
    problems = [one for one in problem_paragraphs(context) if not EXCUSED.search(squeeze(one.text))]
    lost = [squeeze(one.name) for one in main.leaves if _lost(one)]
    told: set[int] = set()
    for leaf in main.leaves:
        if leaf.weight is None or leaf.score is None or leaf.score.value < leaf.weight.value or not leaf.weight.value:
            continue
        note = squeeze(leaf.note)
        if EXCUSED.search(note):
            continue
        for paragraph in problems:
            if paragraph.index in told or REFERS.search(squeeze(paragraph.text)):
                continue
            why = _denial(note, paragraph) or _quality(squeeze(leaf.name), paragraph, lost)
            if why:
                told.add(paragraph.index)
                yield _finding(leaf, leaf.score, paragraph, why)
                break


def _lost(leaf: Indicator) -> bool:
    return leaf.weight is not None and leaf.score is not None and leaf.score.value < leaf.weight.value


def _denial(note: str, paragraph: Paragraph) -> str:
    """The words of the note that deny what the problem says; "" for none."""
    text = squeeze(paragraph.text)
    bare = NUMBERING.sub("", text)
    for found in DENIED.finditer(note):
        for part in re.split(r"[、或]|以及", found["what"]):
            for fault in FAULTS.finditer(part):
                place = text.find(fault.group(0))
                if place >= 0 and not NONE_OF.search(text[max(0, place - 10) : place]):
                    return found.group(0)
            same = SequenceMatcher(None, part, bare, autojunk=False).find_longest_match()
            words = part[same.a : same.a + same.size]
            if len(COMMON.sub("", words)) >= SAME_WORDS and not NONE_OF.search(bare[max(0, same.b - 8) : same.b]):
                return found.group(0)
    return ""


def _quality(name: str, paragraph: Paragraph, lost: Sequence[str]) -> str:
    """The words of the problem that deny the quality in an indicator's name; "" for none."""
    named = NAMED.match(name)
    if named is None or len(named["object"]) < 3:
        return ""
    thing = named["object"]
    if any(thing in other or other in squeeze(paragraph.text) for other in lost):
        return ""
    text = NUMBERING.sub("", squeeze(paragraph.text))[:LEAD]
    denied = re.search(rf"{thing}(?:的)?[^，。；、]{{0,6}}?(?:{QUALITIES[named['quality']]})", text)
    return denied.group(0) if denied else ""


def _finding(leaf: Indicator, score: Figure, problem: Paragraph, why: str) -> Finding:
    note = leaf.note.strip()
    place = score.place
    shown = [evidence(score)]
    if note:
        shown.append(Evidence(note[:120], leaf.page, None, place.table, leaf.row))
    return Finding(
        "problem-score",
        Severity.WARNING,
        message(
            f"问题部分所写情况与“{leaf.name}”得满分{score.text}不符（“{why}”），请核对。",
            f"A described problem contradicts the full marks ({score.text}) of “{leaf.name}” (“{why}”). Please check.",
        ),
        (Evidence(problem.text.strip()[:120], problem.page, problem.index), *shown),
        score.text,
        "应相应扣分",
        {"confidence": 0.8, "table": 1.0, "parts": 2.0, "whole": 0.0},
    )
