"""Chinese capital amounts (人民币大写), both ways.

Words rule over figures when they differ (R-PRICE-04), so what is read must be read exactly or refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

from core.amounts import FEN, LARGEST, NotAnAmount, round_fen

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL = ("", "拾", "佰", "仟")
_PLAIN = str.maketrans(
    "〇○一二两三四五六七八九十百千圆貳陸叁參億萬兩", "零零壹贰贰叁肆伍陆柒捌玖拾佰仟元贰陆叁叁亿万贰"
)
_PREFIX = re.compile(r"^(人民币|RMB)?[:：]?")
_CAPITAL = re.compile(r"^[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整正负]+$")
_SHAPE = re.compile(r"^(负)?(?:([^元角分]+)元)?(?:零?(.)角)?(?:零?(.)分)?[整正]?$")


def amount_to_capital(amount: Decimal) -> str:
    """Write an amount in capitals: 1234.50 is `壹仟贰佰叁拾肆元伍角整`.

    Raises NotAnAmount beyond 万亿.
    """
    rounded = round_fen(abs(amount))
    if rounded > LARGEST:
        raise NotAnAmount(str(amount), zh="金额过大，无法大写。", en="The amount is too large to write in words.")
    yuan, fen = divmod(int(rounded / FEN), 100)
    words = _whole(yuan) + "元" if yuan or not fen else ""
    jiao, rest = divmod(fen, 10)
    if jiao:
        words += DIGITS[jiao] + "角"
    if rest:
        words += ("零" if not jiao and yuan else "") + DIGITS[rest] + "分"
    return ("负" if amount < 0 and rounded else "") + words + ("" if rest else "整")


def looks_capital(text: str) -> bool:
    """Say whether a text is meant as an amount in capitals or plain Chinese numerals."""
    plain = _PREFIX.sub("", text).translate(_PLAIN)
    return bool(_CAPITAL.match(plain)) and any(digit in plain for digit in (*DIGITS, *_SMALL[1:]))


def capital_to_amount(text: str) -> Decimal:
    """Read an amount in capitals; raises NotAnAmount unless it is well formed to the last character."""
    plain = _PREFIX.sub("", "".join(text.split())).translate(_PLAIN)
    match = _SHAPE.match(plain)
    if match is None or not any(match.groups()[1:]):
        raise _unreadable(text)
    sign, yuan, jiao, fen = match.groups()
    amount = Decimal(_read_whole(yuan, text) if yuan else 0)
    amount += Decimal(_digit(jiao, text)) / 10 + Decimal(_digit(fen, text)) / 100
    if amount > LARGEST:
        raise _unreadable(text)
    return (-amount if sign else amount).quantize(FEN)


def _unreadable(text: str) -> NotAnAmount:
    return NotAnAmount(
        text,
        zh="大写金额无法识别，例如：壹佰贰拾叁万元整。",
        en="The amount in words cannot be read; an example: 壹佰贰拾叁万元整.",
    )


def _digit(character: str | None, text: str) -> int:
    if not character:
        return 0
    if character not in DIGITS:
        raise _unreadable(text)
    return DIGITS.index(character)


def _group(number: int) -> str:
    """Write 1..9999 without outer zeros."""
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + _SMALL[place]
            gap = False
        else:
            gap = True
    return words


def _whole(number: int) -> str:
    """Write a whole number; zeros between groups are said once."""
    if number == 0:
        return DIGITS[0]
    high, low = divmod(number, 10**8)
    if high:
        tail = "" if not low else ("零" if low < 10**7 else "") + _whole(low)
        return _whole(high) + "亿" + tail
    upper, lower = divmod(number, 10**4)
    if upper:
        tail = "" if not lower else ("零" if lower < 1000 else "") + _group(lower)
        return _group(upper) + "万" + tail
    return _group(lower)


def _read_whole(words: str, text: str) -> int:
    """Read a whole number and refuse every spelling that `_whole` would not itself write (壹拾 may lack its 壹)."""
    total, section, digit = 0, 0, 0
    for character in words:
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in _SMALL[1:]:
            section += (digit or 1) * 10 ** _SMALL.index(character)
            digit = 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        else:
            raise _unreadable(text)
    number = total + section + digit
    if _loose(words) != _loose(_whole(number)):
        raise _unreadable(text)
    return number


def _loose(words: str) -> str:
    """Leave out what writers handle differently: the zeros and a leading 壹 before 拾."""
    stripped = words.replace("零", "") or "零"
    return stripped.removeprefix("壹") if stripped.startswith("壹拾") else stripped
