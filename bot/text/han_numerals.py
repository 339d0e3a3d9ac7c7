"""Numbers in ideographs and in digits: what is typed as `三割` may stand as `3割`."""

from __future__ import annotations

import re

_DIGITS = "〇一二三四五六七八九"
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = re.compile(f"[{_DIGITS[1:]}{''.join(_TENS)}]+")
_NUMBER = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?![\d.,])")
_MOST = 100  # from which on numbers stand in digits anyway


def with_digits(text: str) -> str:
    """Returns a text with its numbers below 10,000 in digits: `41度` for `四十一度`."""
    return _NUMERAL.sub(lambda match: _in_digits(match[0]), text)


def with_numerals(text: str) -> str:
    """Returns a text with its numbers of up to a hundred in ideographs: `三月` for `3月`."""
    return _NUMBER.sub(lambda match: _in_ideographs(match[0]), text)


def numbers_in(text: str) -> list[str]:
    """Returns the numbers of two digits and more that stand in ideographs in a text, in digits."""
    found = (_in_digits(numeral) for numeral in _NUMERAL.findall(text))
    return [number for number in found if number.isdecimal() and number.isascii() and number[1:]]


def _in_digits(numeral: str) -> str:
    total, digit = 0, 0
    for sign in numeral:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        elif digit:
            return numeral  # `一二` is no number
        else:
            digit = _DIGITS.index(sign)
    return str(total + digit)


def _in_ideographs(digits: str) -> str:
    number = int(digits)
    if number > _MOST:
        return digits
    if number == _MOST:
        return "百"
    tens, ones = divmod(number, 10)
    begin = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return begin + (_DIGITS[ones] if ones else "")
