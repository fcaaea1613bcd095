"""What the evaluation report says of signs of collusion and of what was found about each (R-COLL-01, R-EVAL-08)."""

from __future__ import annotations

from core.i18n import _
from procurement.queries.collusion import CollusionView
from procurement.states import SignVerdict


def collusion_lines(signs: CollusionView) -> list[str]:
    """Return one sentence for each sign on which the committee has found something, in the reader's language."""
    lines = []
    for one in signs.signals:
        if one.finding is None:
            continue
        names = "、".join(bid.bidder.name for bid in one.bids)
        if one.finding.verdict is SignVerdict.RIGGED:
            lines.append(
                _(
                    "视为串通投标（%(names)s）：%(form)s；%(sign)s；认定理由：%(reason)s。上述投标无效，"
                    "已书面报告本级财政部门。",
                    names=names,
                    form=one.sign.form.label,
                    sign=one.sign.label,
                    reason=one.finding.reason,
                )
            )
        else:
            lines.append(
                _(
                    "串通投标提示（%(names)s）：%(sign)s；认定不构成串通：%(excuse)s；理由：%(reason)s。",
                    names=names,
                    sign=one.sign.label,
                    excuse=one.finding.excuse.label if one.finding.excuse else "",
                    reason=one.finding.reason,
                )
            )
    return lines
