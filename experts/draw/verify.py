"""Recomputing a draw from its record alone; certificates are checked, nothing is solved."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from core.records import Fault, NotRecordable, Record, check_seal, commit, is_sealed, redact, salts_in
from experts.draw.certificate import Certificate, shortfall
from experts.draw.entropy import FEWEST_ROLES, Attempt, Promise, Reveal, chained, promised
from experts.draw.lottery import Panel
from experts.draw.plan import HIDDEN
from experts.draw.pool import EMPLOYER, Kind, Quota, families, quotas_in
from experts.draw.seats import Picked, pick, successor


def verify_draw(record: Record) -> list[Fault]:
    """Return every fault of a draw's record, full or public; an empty list means that all of it fits.

    Checked: the digests; the types against features and exclusions (full form); every panel of the lottery against the
    quotas; the chances against the certificates; the commitment; promises, reveals and the chain of attempts; the seed,
    the panel, seats and reserves; and every replacement.
    """
    faults = check_seal(record)
    try:
        parts = _parts(record)
        faults += _plan_faults(record, *parts)
        faults += _entropy_faults(record)
        faults += _result_faults(record, *parts)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, NotRecordable, ZeroDivisionError) as error:
        faults.append(
            Fault(
                "malformed",
                "",
                f"记录缺少内容或格式不对:{error!r}。",
                f"The record lacks a part or is malformed: {error!r}.",
            )
        )
    return faults


def _parts(record: Record) -> tuple[list[Kind], list[Quota], list[Panel]]:
    plan = record["plan"]
    members: list[list[int]] = [[] for _ in plan["types"]]
    for position, one in enumerate(plan["candidates"]):
        if one["type"] is not None:
            members[_index(one["type"], len(members))].append(position)
    kinds = [Kind(tuple(kind["quotas"]), tuple(who)) for kind, who in zip(plan["types"], members, strict=True)]
    quotas = quotas_in(plan)
    panels = [
        Panel(int(p["weight"]), tuple((_index(kind, len(kinds)), int(seats)) for kind, seats in p["seats"]))
        for p in plan["lottery"]
    ]
    return kinds, quotas, panels


def _index(value: Any, bound: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < bound:
        raise IndexError(value)
    return value


def _plan_faults(record: Record, kinds: list[Kind], quotas: list[Quota], panels: list[Panel]) -> Iterator[Fault]:
    plan = record["plan"]
    for number, (kind, written) in enumerate(zip(kinds, plan["types"], strict=True)):
        if kind.count != written["count"] or kind.count < 1:
            yield Fault(
                "type-count", f"/plan/types/{number}", "该类型的人数与名单不符。", "The count does not fit the list."
            )
    if record["form"] == "full":
        yield from _people_faults(plan, quotas)
    yield from _lottery_faults(kinds, quotas, panels, plan["size"])
    yield from _fairness_faults(plan, kinds, quotas, panels)
    public = plan
    if record["form"] == "full":
        public = redact({"plan": plan}, HIDDEN, salts_in(record))["plan"]
    if commit(public, record["plan_salt"]) != record["commitment"]:
        yield Fault(
            "commitment",
            "/commitment",
            "抽取方案与事先公布的承诺不符。",
            "The plan does not fit the commitment made before the draw.",
        )


def _people_faults(plan: dict[str, Any], quotas: list[Quota]) -> Iterator[Fault]:
    wanted: dict[tuple[str, str], int] = {(q.feature, q.value): number for number, q in enumerate(quotas)}
    features = sorted({quota.feature for quota in quotas})
    last = None
    for position, one in enumerate(plan["candidates"]):
        at = f"/plan/candidates/{position}"
        if last is not None and one["id"] <= last:
            yield Fault("order", f"{at}/id", "名单未按编号排列或有重复。", "The list is out of order or repeats an id.")
        last = one["id"]
        if (one["excluded"] is None) != (one["type"] is not None):
            yield Fault("exclusion", at, "回避标记与类型不符。", "The exclusion does not fit the type.")
        if one["type"] is not None:
            values = [(name, one["employer"] if name == EMPLOYER else one["features"].get(name)) for name in features]
            met = sorted(wanted[pair] for pair in values if pair in wanted)
            if met != plan["types"][one["type"]]["quotas"]:
                yield Fault("type", f"{at}/type", "该专家的类型与其特征不符。", "The type does not fit the features.")


def _lottery_faults(kinds: list[Kind], quotas: list[Quota], panels: list[Panel], size: int) -> Iterator[Fault]:
    wanted = [number for number, quota in enumerate(quotas) if quota.minimum > 0]
    for number, panel in enumerate(panels):
        at = f"/plan/lottery/{number}"
        counts = dict.fromkeys(wanted, 0)
        for kind, seats in panel.seats:
            if not 0 < seats <= kinds[kind].count:
                yield Fault(
                    "panel-type", at, "该组合某一类型的席位数不成立。", "A type has an impossible number of seats."
                )
            for met in kinds[kind].quotas:
                counts[met] = counts.get(met, 0) + seats
        if panel.weight < 1 or sum(seats for _kind, seats in panel.seats) != size:
            yield Fault("panel-size", at, "该组合的权重或席位数不对。", "The panel's weight or size is wrong.")
        for quota_number, count in counts.items():
            quota = quotas[quota_number]
            if not quota.minimum <= count <= quota.maximum:
                yield Fault(
                    "panel-quota",
                    at,
                    f"该组合不符合第 {quota_number + 1} 项配额({quota.feature}={quota.value})。",
                    f"The panel breaks quota {quota_number + 1} ({quota.feature}={quota.value}).",
                )


def _fairness_faults(
    plan: dict[str, Any], kinds: list[Kind], quotas: list[Quota], panels: list[Panel]
) -> Iterator[Fault]:
    relaxed = [_index(row, len(quotas)) for row in plan.get("relaxed", ())]
    groups = families(kinds, relaxed)
    certificates = [
        Certificate(tuple(one["settled"]), dict(one["types"]), dict(one["rows"])) for one in plan["certificates"]
    ]
    settled = sorted(kind for certificate in certificates for kind in certificate.settled)
    if settled != list(range(len(groups))):
        yield Fault(
            "certificate-types",
            "/plan/certificates",
            "证书未恰好覆盖每个类型一次。",
            "The stages do not settle every type once.",
        )
        return
    if any(row + 1 in certificate.rows for certificate in certificates for row in relaxed):
        yield Fault(
            "certificate",
            "/plan/certificates",
            "证书对已搁置的配额标了价格。",
            "A certificate has a price for a quota that was set aside.",
        )
        return
    gap, gain = Fraction(plan["gap"]), Fraction(plan["gain"])
    if any(price < 0 for certificate in certificates for price in certificate.types.values()) or gap < 0:
        yield Fault("certificate", "/plan/certificates", "证书中有负的价格。", "A certificate has a negative price.")
        return
    proofs = shortfall(groups, kinds, quotas, plan["size"], lottery=panels, certificates=certificates)
    for number, (short, rise) in enumerate(proofs):
        if rise > gain:
            yield Fault(
                "certificate",
                f"/plan/certificates/{number}/settled",
                f"证书未能证明此步所定的机会已不能再提高(差 {float(rise):.3g})。",
                f"The certificate does not prove that what is settled here cannot rise (by {float(rise):.3g}).",
            )
        if short > gap:
            yield Fault(
                "certificate",
                f"/plan/certificates/{number}",
                f"证书只能证明最小机会的差距不超过 {float(short):.3g},超过方案声明的 {float(gap):.3g}。",
                f"The smallest chance is proved only to {float(short):.3g}, above the stated {float(gap):.3g}.",
            )


def _attempts(record: Record) -> list[Attempt]:
    return [
        Attempt(
            one["number"],
            record["commitment"],
            one["previous"],
            tuple(Promise(p["role"], str(p["holder"]), p["commitment"]) for p in one["promises"]),
            tuple(Reveal(r["role"], r["secret"]) for r in one["reveals"]),
            one["beacon"],
        )
        for one in record["attempts"]
    ]


def _entropy_faults(record: Record) -> Iterator[Fault]:
    previous = None
    attempts = _attempts(record)
    for number, (attempt, written) in enumerate(zip(attempts, record["attempts"], strict=True)):
        at = f"/attempts/{number}"
        if attempt.number != number + 1 or attempt.previous != previous:
            yield Fault(
                "chain", at, "抽取次序或与上次作废抽取的衔接不符。", "The attempt's number or chain does not fit."
            )
        previous = chained(written)
        promises = {promise.role: promise for promise in attempt.promises}
        if len(promises) < FEWEST_ROLES or len(promises) != len(attempt.promises):
            yield Fault(
                "roles", at, "提供随机数的角色不足两个或重复。", "Fewer than two roles gave entropy, or one twice."
            )
        for place, reveal in enumerate(attempt.reveals):
            expected = promises.get(reveal.role)
            if expected is None or promised(attempt.anchor, reveal.role, reveal.secret) != expected.commitment:
                yield Fault(
                    "reveal",
                    f"{at}/reveals/{place}",
                    "公开的随机数与承诺不符。",
                    "The reveal does not open its promise.",
                )
        if list(attempt.missing) != written["missing"]:
            yield Fault(
                "missing", f"{at}/missing", "未公开者的记载不符。", "The list of withheld reveals does not fit."
            )
        if bool(attempt.missing) != (number + 1 < len(attempts) or record["result"] is None):
            yield Fault("void", at, "作废与有效的记载不符。", "What is void and what stands does not fit.")
    yield from _holder_faults(record["attempts"])


def _holder_faults(attempts: list[dict[str, Any]]) -> Iterator[Fault]:
    barred: list[str] = []
    for number, attempt in enumerate(attempts):
        holders = [promise["holder"] for promise in attempt["promises"]]
        if any(is_sealed(holder) for holder in holders):
            return
        if len(set(holders)) != len(holders) or set(barred) & set(holders):
            yield Fault(
                "holder",
                f"/attempts/{number}/promises",
                "角色由同一人担任,或上次未公开者未换人。",
                "One person held two roles, or stayed after withholding.",
            )
        barred = [promise["holder"] for promise in attempt["promises"] if promise["role"] in attempt["missing"]]


def _result_faults(record: Record, kinds: list[Kind], quotas: list[Quota], panels: list[Panel]) -> Iterator[Fault]:
    result = record["result"]
    if result is None:
        return
    attempt = _attempts(record)[-1]
    if attempt.missing:
        yield Fault("void", "/result", "作废的抽取不应有结果。", "A void attempt has no result.")
        return
    picked = pick(attempt.seed, kinds, quotas, panels, record["plan"]["reserves"])
    expected = {
        "seed": attempt.seed.hex(),
        "ticket": picked.ticket,
        "panel": picked.panel,
        "seats": list(picked.seats),
        "reserves": list(picked.reserves),
    }
    for key in sorted({*expected, *result}):
        if result.get(key) != expected.get(key):
            yield Fault(
                key, f"/result/{key}", "与由随机数重新计算的结果不符。", "This does not follow from the reveals."
            )
    yield from _replacement_faults(record, picked, kinds, quotas)


def _replacement_faults(record: Record, picked: Picked, kinds: list[Kind], quotas: list[Quota]) -> Iterator[Fault]:
    seats, gone = list(picked.seats), set[int]()
    for number, one in enumerate(record["replacements"]):
        at = f"/replacements/{number}"
        if one["declined"] not in seats:
            yield Fault("replacement", at, "退出者并无席位。", "Who left had no seat.")
            return
        barred = {*gone, one["declined"]}
        for passed in one["passed"]:
            if successor(picked.order, seats, one["declined"], kinds, quotas, barred=barred) != passed["candidate"]:
                yield Fault("replacement", at, "越过的候补与次序不符。", "Who was passed over is not next in order.")
            barred.add(passed["candidate"])
        if successor(picked.order, seats, one["declined"], kinds, quotas, barred=barred) != one["replaced_by"]:
            yield Fault("replacement", at, "递补者不是次序上的下一位。", "Who followed is not next in order.")
        if not one["reason"]:
            yield Fault("reason", f"{at}/reason", "退出没有理由。", "The reason of the decline is missing.")
        seats[seats.index(one["declined"])] = one["replaced_by"]
        gone |= barred
