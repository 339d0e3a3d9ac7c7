"""Korean spelling: what is written in two ways."""

from __future__ import annotations

_FIRST, _LAST, _FINALS, _ONSET = 0xAC00, 0xD7A3, 28, 588
_SIOT = 19  # the place of a final ㅅ among the finals of a syllable
_WITHOUT_SIOT = {sign: sign - _SIOT for sign in range(_FIRST + _SIOT, _LAST + 1, _FINALS)}
# By the law of initial sounds, ㄹ and ㄴ are not spoken before these vowels where a word begins.
_NIEUN, _RIEUL, _IEUNG = 2, 5, 11
_VOWELS = (2, 3, 6, 7, 12, 17, 20)  # ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ
_SPOKEN = {
    _FIRST + onset * _ONSET + vowel * _FINALS + final: chr(
        _FIRST + _IEUNG * _ONSET + vowel * _FINALS + final
    )
    for onset in (_NIEUN, _RIEUL)
    for vowel in _VOWELS
    for final in range(_FINALS)
}


def loosely_spelt_hangul(text: str) -> str:
    """Returns a text in which syllables are spelt alike that many confuse.

    Without the ㅅ that compounds have between their parts (`전세값` for `전셋값`), and with ㄹ and
    ㄴ as they are spoken where a word begins (`출산률` for `출산율`).
    """
    return text.translate(_SPOKEN).translate(_WITHOUT_SIOT)
