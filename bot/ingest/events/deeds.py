"""Deeds: the verbs by which headlines tell what happens.

Who has read that a tanker leaves a port has not read that it is attacked there: headlines that have
their names and their matter in common, and no verb, more often tell two things than others do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bot.ingest.events.synonyms import stems_of

# Verbs that headlines of all kinds are made with; those of one meaning are one (`synonyms`).
_VERBS = """
    accept accuse acquire add adopt agree aid allow announce apologize appear appoint approve
    arrest ask attack avoid award ban bankrupt battle beat become begin believe bid blame block
    boost break bring build buy call cancel capture carry celebrate change charge choose cite claim
    clash clear climb close collapse collect combine come complete confirm congratulate consider
    continue control convict crash create criticize cross crowdsource cut damage dance debut
    decline dedicate defend delay demand deny depart destroy detain detect die disclose discover
    dismiss distinguish distract donate doubt drop earn edge eliminate emerge end engage enter
    escape evade examine expand expect explain expose face fail fall fear feel fight file find
    finish fire fix flee follow go grill grow hack hail halt help hide hint hire hit hold hope host
    hug hurt identify ignore impose improve include increase indict injure insist install introduce
    invade invest investigate invite join jump kick kill kiss land launch lead leak leave lie lift
    lose lower mark marry meet miss mourn move name near negotiate offer open oppose order oust
    outline outspend patch pay perform pick play plead pledge praise predict prepare press prevent
    probe produce promise prompt propose protect protest prove pull push quit raise rally rank
    reach reaffirm recall receive recover reduce refer refuse reject release remain remember rename
    renew repay replace request rescue resign restore restrict resume return reveal rise rule run
    sack sanction save scan scold seal search seek seize sell send sentence set settle shake shoot
    show shut sign sing skip slam slash slip snap sneak soar spark speak spend split spread start
    steal step stop strike struggle study sue suffer suggest support surge surprise survive suspend
    talk target teach tease tell testify threaten touch tour train transform try tumble turn tweet
    unite unveil update upgrade urge vindicate visit vote vow wait walk want warn watch wed weigh
    win withdraw woo work worry wreck
"""


def deeds_of(stems: Iterable[str]) -> frozenset[str]:
    """Returns those of a headline's stems that are verbs."""
    return _verbs().intersection(stems)


@cache
def _verbs() -> frozenset[str]:
    return stems_of(_VERBS)
