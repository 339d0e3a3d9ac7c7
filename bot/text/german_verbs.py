"""Strong German verbs, whose forms change their vowel: `stehlen`, `stiehlt`, `gestohlen`.

Words are folded, as `bot.text.tokenizer` gives them: without their umlauts' dots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

# Infinitive, present, past, participle without its `ge`.
_VERBS = """
beginnen beginnt begann begonnen; bleiben bleibt blieb blieben; brechen bricht brach brochen;
brennen brennt brannte brannt; bringen bringt brachte bracht; essen isst aß gessen;
fahren fahrt fuhr fahren; fallen fallt fiel fallen; fangen fangt fing fangen;
finden findet fand funden; fliegen fliegt flog flogen; fliehen flieht floh flohen;
frieren friert fror froren; geben gibt gab geben; gehen geht ging gangen;
gewinnen gewinnt gewann wonnen; greifen greift griff griffen; halten halt hielt halten;
heben hebt hob hoben; helfen hilft half holfen; kommen kommt kam kommen; laden ladt lud laden;
lassen lasst ließ lassen; laufen lauft lief laufen; leiden leidet litt litten;
lesen liest las lesen; liegen liegt lag legen; lugen lugt log logen; messen misst maß messen;
nehmen nimmt nahm nommen; nennen nennt nannte nannt; raten rat riet raten; reißen reißt riss rissen;
reiten reitet ritt ritten; rufen ruft rief rufen; schaffen schafft schuf schaffen;
scheiden scheidet schied schieden; schieben schiebt schob schoben;
schießen schießt schoss schossen; schlafen schlaft schlief schlafen;
schlagen schlagt schlug schlagen; schließen schließt schloss schlossen;
schmelzen schmilzt schmolz schmolzen; schneiden schneidet schnitt schnitten;
schreiben schreibt schrieb schrieben; schwimmen schwimmt schwamm schwommen;
sehen sieht sah sehen; singen singt sang sungen; sinken sinkt sank sunken;
sitzen sitzt saß sessen; sprechen spricht sprach sprochen; springen springt sprang sprungen;
stehen steht stand standen; stehlen stiehlt stahl stohlen; steigen steigt stieg stiegen;
sterben stirbt starb storben; streichen streicht strich strichen;
streiten streitet stritt stritten; tragen tragt trug tragen; treffen trifft traf troffen;
treiben treibt trieb trieben; treten tritt trat treten; trinken trinkt trank trunken;
verbieten verbietet verbot verboten; vergessen vergisst vergaß vergessen;
verlieren verliert verlor verloren; wachsen wachst wuchs wachsen; weichen weicht wich wichen;
weisen weist wies wiesen; werben wirbt warb worben; werfen wirft warf worfen;
wiegen wiegt wog wogen; ziehen zieht zog zogen; zwingen zwingt zwang zwungen
"""
_APART = ("ab", "an", "auf", "aus", "bei", "ein", "mit", "nach", "vor", "weg", "zuruck", "zu")
_INSEPARABLE = ("be", "ent", "er", "miss", "unter", "ver", "zer", "uber")
_WITHOUT_GE = frozenset("beginnen verbieten vergessen verlieren".split())


class _Verb(NamedTuple):
    infinitive: str
    present: str
    past: str
    participle: str  # without its `ge`

    @property
    def finite(self) -> Sequence[str]:
        """Forms that stand in main clauses without what is parted from them: `fällt … aus`."""
        plural = f"{self.past}n" if self.past.endswith("e") else f"{self.past}en"
        return [self.present, self.past, plural]

    @property
    def whole_participle(self) -> str:
        """The participle as it stands."""
        return self.participle if self.infinitive in _WITHOUT_GE else f"ge{self.participle}"


@cache
def _verbs() -> Mapping[str, _Verb]:
    """Returns all verbs by each of their forms."""
    verbs = [_Verb(*row.split()) for row in _VERBS.split(";")]
    return {form: verb for verb in verbs for form in _own_forms(verb)}


def _own_forms(verb: _Verb) -> Sequence[str]:
    return [verb.infinitive, *verb.finite, verb.whole_participle]


def strong_forms(word: str) -> Sequence[str]:
    """Returns other forms of what may be one of a strong verb, mostly none.

    What is parted from a verb in a main clause is left out there: `ausgefallen`, `fällt`.
    """
    verbs = _verbs()
    found = list(_own_forms(verbs[word])) if word in verbs else []
    for first in _APART:
        verb = verbs.get(word.removeprefix(first)) if word.startswith(first) else None
        if verb is not None:
            apart = (verb.infinitive, verb.present, verb.whole_participle)
            found += [*(f"{first}{one}" for one in apart), *verb.finite]
    for first in _INSEPARABLE:
        rest = word.removeprefix(first)
        verb = (verbs.get(rest) or verbs.get(f"ge{rest}")) if rest != word else None
        if verb is not None:
            parts = (verb.infinitive, *verb.finite, verb.participle)
            found += [f"{first}{one}" for one in parts]
    return [one for one in dict.fromkeys(found) if one != word]
