"""English words whose forms share no stem: `fall` and `fell`, `woman` and `women`.

Forms that mostly are other words are left out (`left`, `saw`, `ground`), and so is what is the same
in all forms (`cut`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_VERBS = """
arise arose arisen; awake awoke awoken; become became; begin began begun; bite bit bitten;
bleed bled; blow blew blown; break broke broken; breed bred; bring brought; build built; buy bought;
catch caught; choose chose chosen; cling clung; come came; creep crept; deal dealt; dig dug;
draw drew drawn; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed;
fight fought; flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten;
forgive forgave forgiven; freeze froze frozen; give gave given; grow grew grown; hang hung;
hear heard; hide hid hidden; hold held; keep kept; kneel knelt; know knew known; lead led;
lend lent; lose lost; make made; mistake mistook mistaken; overcome overcame;
overtake overtook overtaken; overthrow overthrew overthrown; pay paid; ride rode ridden;
ring rang rung; rise rose risen;
run ran; seek sought; sell sold; send sent; shake shook shaken; shine shone; shoot shot;
shrink shrank shrunk; sing sang sung; sink sank sunk; sleep slept; slide slid; speak spoke spoken;
spend spent; spin spun; spring sprang sprung; stand stood; steal stole stolen; stick stuck;
sting stung; strike struck; strive strove striven; swear swore sworn; sweep swept; swim swam swum;
swing swung; take took taken; teach taught; tear tore torn; tell told; think thought;
throw threw thrown; undergo underwent undergone; undertake undertook undertaken; wake woke woken;
wear wore worn; weave wove woven; weep wept; win won; withdraw withdrew withdrawn;
withhold withheld; write wrote written
"""
_NOUNS = """
man men; woman women; child children; foot feet; tooth teeth; goose geese; mouse mice; ox oxen;
wolf wolves; knife knives; wife wives; life lives; half halves; thief thieves; calf calves;
shelf shelves; loaf loaves; crisis crises; basis bases; analysis analyses; criterion criteria;
phenomenon phenomena; fireman firemen; policeman policemen; fisherman fishermen; chairman chairmen
"""
_DOUBLED = frozenset("begin dig forbid forget run spin swim win".split())  # `running`


def _endings(verb: str) -> Sequence[str]:
    """Returns the regular forms of a verb, which may be asked for as well."""
    stem = f"{verb}{verb[-1]}" if verb in _DOUBLED else verb.removesuffix("e")
    return [f"{verb}s", f"{stem}ing"]


def _table() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in (*_VERBS.split(";"), *_NOUNS.split(";")):
        forms = row.split()
        regular = _endings(forms[0]) if row in _VERBS else []
        for form in (*forms, *regular):
            irregular = forms if form in regular else [*forms, *regular]
            found[form] = tuple(one for one in irregular if one != form)
    return found


_FORMS = _table()


def irregular_forms(word: str) -> Sequence[str]:
    """Returns the forms of a word that no ending makes of it, in small letters; mostly none."""
    return _FORMS.get(word, ())
