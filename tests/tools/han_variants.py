"""Makes `bot/text/han_variants.txt`: ideographs beside the simplified ones that mean the same.

Read from OpenCC's dictionaries of traditional, simplified and new Japanese forms.
"""

from __future__ import annotations

from pathlib import Path

from opencc import OpenCC

PATH = Path(__file__).parents[2] / "bot/text/han_variants.txt"
_IDEOGRAPHS = map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)))


def han_variants() -> dict[str, str]:
    """Returns for each ideograph that is not simplified the one that is; one sign for one sign."""
    from_japanese, simplify = OpenCC("jp2t"), OpenCC("t2s")
    found = {sign: simplify.convert(from_japanese.convert(sign)) for sign in _IDEOGRAPHS}
    return {sign: other for sign, other in found.items() if other != sign and len(other) == 1}


def as_text(variants: dict[str, str]) -> str:
    """Returns the contents of the file: a line of signs, and one of what each stands for."""
    return "".join(variants) + "\n" + "".join(variants.values()) + "\n"


if __name__ == "__main__":
    PATH.write_text(as_text(han_variants()), encoding="utf-8")
