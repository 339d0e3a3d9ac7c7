"""Forms of headlines: what reports, asks, reviews, shows, looks ahead, answers or gives an opinion.

A report and a comment on it share most of their words. Who has read one has not read the other.
"""

from __future__ import annotations

import re

NEWS, QUESTION, SERIES, REACTION, GUIDE = "", "?", "list", "reaction", "guide"
"""The forms of a headline that reports, asks, answers or guides, and of an issue of a series."""

# `Five reasons`, at the beginning of a headline or of its second part.
_COUNTED = (
    r"(?:(?<!.)|(?<=[:–—-] ))(?:the |top |our )?"
    r"(?:\d\d?|three|four|five|six|seven|eight|nine|ten) (?:\S+ ){0,3}"
    r"(?:things|moments|times|facts|reasons|shows|quotes|ways|lessons|takeaways|questions|songs|"
    r"films|movies|stocks)"
)

# What tells a form, as regular expressions; the first that is found counts.
_FORMS = {
    "review": [
        *(r"reviews?", r"recaps?", r"hands[ -]on", r"first (?:look|impressions)"),
        *(r"match report", r"player ratings", r"comparison", r"compared"),
    ],
    "pictures": [r"photos?", r"pictures", r"in pics", r"gallery", r"trailer", r"walkthrough"],
    GUIDE: [
        *(r"how to", r"what to (?:know|expect)", r"(?:need|want) to know", r"things (?:to|you|we)"),
        *(r"guide", r"tips", r"explained", r"explainer", r"faq", r"q ?& ?a", r"schedule"),
        *(r"everything (?:about|you)", r"what['’]s new", r"step[ -]by[ -]step", r"locations of"),
        *(r"where to", r"when to", r"(?:this|these) (?:charts?|maps?)", r"cheats?"),
    ],
    SERIES: [
        r"(?:\d+|top|the|five|ten) (?:best|worst|reasons|ways|takeaways|facts)",
        r"round[- ]?up",
        r"(?:daily|morning|evening|weekly) (?:brief|briefing|docket|digest|links)",
        *(r"(?:stock )?market (?:news|today)", r"today['’]s (?:stock )?market", r"opening bell"),
        *(r"news of the day", r"of the (?:day|week)", r"live ?(?:blog|updates|chat)"),
        *(r"as it happened", r"timeline", r"quiz", r"poll:", r"tidbits", r"highlights"),
        r"(?:sector|market|stock|trading) (?:update|snapshot|wrap|report)",
        *(r"horoscopes?", r"target (?:of|price)", r"dream11", r"match prediction", r"(?-i:LIVE)"),
        *(r"live (?:\w+ )?(?:scores?|commentary)", r"redeem codes?", r"lottery results?"),
        *(
            r"\w+ weekly:",
            r"updates? today",
            r"week in review",
            r"restocks?",
            r"top\S* best-?selling",
        ),
        _COUNTED,
        r"(?<!.)[\d/.: -]+ (?:gmt|utc)",
        *(r"investor['’]?s? alert", r"(?:news|stocks) (?:in|to) (?:brief|watch)"),
        *(r"(?<!.)live:", r"(?:business|politics|sports?) live"),
    ],
    "preview": [
        *(r"to (?:address|answer|appear|debate|face|meet|testify|vote)", r"set to open"),
        *(r"to be (?:grilled|questioned|quizzed|sentenced)", r"braced? for"),
        *(r"previews?", r"ahead of", r"sneak peek", r"what to watch", r"to speak", r"tomorrow"),
        *(r"predict(?:s|ed|ions?)", r"odds(?:makers)?", r"betting", r"bets", r"look(?:s|ing)? for"),
        *(r"spoilers?", r"rumou?rs?", r"tonight", r"live ?stream(?:ing)?"),
        *(r"(?:bid|attempt|effort|push) to", r"threat(?:en)?s? to", r"nears"),
    ],
    "opinion": [
        *(r"opinion", r"op-ed", r"editorial", r"column", r"letters?:", r"commentary", r"analysts?"),
        *(r"(?:who|why|what) (?:\S+ ){0,3}should", r"(?:do|would) you"),
        *(r"let['’]s", r"my (?:view|take)", r"we (?:need|should|must|don['’]t)"),
        *(r"don['’]t \w+", r"the talk", r"a different view", r"must (?:be|feel|have)", r"bogus"),
        r"(?:are|is|was|were) (?:better|worse|(?:less|more) \w+) than",
    ],
    "interview": [
        *(
            r"talks (?:about|to)",
            r"(?-i:[Tt]alks? (?!(?:About|At|Between|For|In|On|Over|To|With)\b)[A-Z])",
        ),
        *(r"on (?:why|how)", r"explains (?:why|how)", r"lowdown", r"early word", r"defends"),
    ],
    REACTION: [
        *(r"reacts", r"reactions", r"responds", r"hits back", r"weighs in"),
        *(r"memes", r"(?:are|is) \S+ about", r"clarifies"),
    ],
}
_FORM = re.compile(
    "|".join(rf"\b(?P<{form}>{'|'.join(words)})(?!\w)" for form, words in _FORMS.items()),
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:\A|[:–—] )(?:so )?"
    r"(?:are|can|could|did|do|does|how|is|should|what|when|where|which|who|why|will|would)\b",
    re.IGNORECASE,
)
# `"Shameful": Lindqvist after vote`: what somebody says to what is known.
_ANSWERING = re.compile(r"\A[\"“][^\"“”]{1,80}[\"”]: (?:\S+ ){1,5}?after\b", re.IGNORECASE)

# `Is Orbix down? Many users report an outage`: it asks, and tells.
_ANSWERED = re.compile(
    r"(?:are|can|could|did|do|does|is|was|were|will|would)\b[^?]*\?(?: [^?\s]+){3,}\Z",
    re.IGNORECASE,
)
# What stands wholly in brackets is a page's note and no headline.
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*")


def form_of(title: str) -> str:
    """Returns the form of a headline: `NEWS`, `QUESTION`, or what else its words tell it to be."""
    if _ASIDE.fullmatch(title) or title.count("; ") > 1:
        return SERIES
    found = _FORM.search(title)
    if found and found.lastgroup:
        return found.lastgroup
    if _ANSWERING.match(title):
        return REACTION
    asks = "?" in title or (_ASKING.search(title) and not _is_period(title))
    return QUESTION if asks and not _ANSWERED.match(title) else NEWS


def _is_period(title: str) -> bool:
    """Tells if a headline begins with a time: `When phones are near, parents falter`."""
    return title.casefold().startswith("when ") and "," in title
