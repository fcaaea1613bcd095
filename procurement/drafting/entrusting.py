"""Reading a purchase's papers for what blurs who is responsible (R-AGENCY-17). Pure: texts in, wordings out.

The principal alone pays the agency; a unit's own duty to set goals and evaluate itself is not handed over whole. A
pattern finds a wording, not a meaning, so it only asks to look again.
"""

from __future__ import annotations

import re

_PAYER = re.compile(
    "(?:由|须由|应由)(?:被评价(?:单位|对象)|项目(?:实施)?单位)[^。；\\n]{0,12}(?:支付|承担|垫付|负担)[^。；\\n]{0,10}"
    "(?:费用|服务费|评价费|经费)"
)
_OWN_DUTY = re.compile(
    "(?:代(?:为|替)?|负责代)(?:编制|填报|撰写|完成|编写|起草)?[^。；\\n]{0,10}(?:自评(?:报告|价)?|绩效目标)(?:报告|申报|填报)?"
)


def other_payers(text: str) -> list[str]:
    """Return the wordings by which the evaluated unit would pay the agency."""
    return [found.group(0) for found in _PAYER.finditer(text)]


def handed_over_duties(text: str) -> list[str]:
    """Return the wordings by which a unit's own goals or self-evaluation would be handed to the agency."""
    return [found.group(0) for found in _OWN_DUTY.finditer(text)]
