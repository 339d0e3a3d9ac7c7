"""Lead-ins: beginnings of sentences that announce or link, and tell nothing of the news."""

from __future__ import annotations

import re

_FEWEST = 5  # words that a sentence without its lead-in has at least
_BEGINS = r"(?=[“‘]?[^\W\d_a-z])"  # only where the rest stands as it is: `Meanwhile, Mexico …`

# `But that is not what this story is about: Investors …`, `This reporter was surprised: The …`
_ANNOUNCES = re.compile(
    r"[^:;“”\"]{0,80}?\b(?:[Tt]his|[Tt]oday[’']s|[Oo]ur)(?: [\w’']+)?"
    r" (?:article|blog|column|journalist|newsletter|post|reporter|story|writer)\b"
    rf"[^:;“”\"]{{0,40}}:\s+{_BEGINS}"
)
# `In almost an incongruous backdrop, Japan …`, but `Against a backdrop of war, Japan …` says more.
_LINKS = re.compile(
    r"(?:Also|Besides|Furthermore|Meanwhile|Moreover|Incidentally|"
    r"(?:Against|Amid|In|On) (?:\w+ )?(?:a|an|another|that|the|this) (?:[\w-]+ ){0,3}?"
    rf"(?:background|backdrop|development|note|turn of events|twist|vein)),\s+{_BEGINS}"
)


def strip_lead_in(sentence: str) -> str:
    """Strips what announces a sentence or links it to another: `In a curious twist, Oslo …`.

    The rest is left as it stands in the story; where it would not begin with a capital letter, or
    be hardly a sentence, nothing is stripped.
    """
    match = _ANNOUNCES.match(sentence) or _LINKS.match(sentence)
    rest = sentence[match.end() :] if match else sentence
    return rest if len(rest.split()) >= _FEWEST else sentence
