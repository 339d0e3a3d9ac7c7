"""Cues: words by which a sentence that recurs is known to tell no news.

It invites to something, names who holds the rights, or gives an address.
"""

from __future__ import annotations

import re

_ADDRESSES = r"""
    https?:// | www\. | (?<![\w@])@\w{3}
    \b[a-z0-9-]{2,40}\.(?:com|org|net|info|io|co|news|eu|example)\b
    \b[a-z0-9-]{2,40}\.(?:de|fr|es|it|nl|pl|ru|uk|at|ch|be|pt|br|jp|kr|cn|se|no|dk|fi|cz|hu|gr|tr)\b
    facebook | twitter | instagram | whatsapp | telegram | youtube | tiktok | mastodon | bluesky
    linkedin | \brss\b | podcast
"""
_RIGHTS = r"""
    © | \(c\)\s?\d{4} | copyright | all\srights\sreserved | alle\srechte | tous\sdroits
    derechos\sreservados | diritti\sriservati | direitos\sreservados | wszelkie\sprawa | все\sправа
    creative\scommons | terms\sof\suse | privacy\spolicy
"""
_MEMBERSHIP = r"""
    newsletter | mailing\slist | sign(?:ing)?\sup | subscri(?:be|ber|ption) | your\sinbox
    become\sa\s(?:member|supporter|patron) | donat(?:e|ion) | support\s(?:us|our|the|this) | patreon
    free\strial | ad\schoices | advertisement | sponsored\sby | brought\sto\syou\sby
    readers\slike\syou | funded\sby
    abonn | sub?scr[ií]b | iscriv | inscrev | inscreva | assine | souscri | nyhedsbrev | nyhetsbrev
    uutiskirje | tilaa\s | hírlevél | biuletyn | prenumer | подпи[сш] | підпиш | abone | bülten
    subskryb | odebírej | メルマガ | 購読 | 订阅 | 訂閱 | 구독 | اشترك
"""
_INVITATIONS = r"""
    follow\s(?:us|me|our|the) | like\sus | join\s(?:us|our|the\sconversation) | share\sthis
    find\sus | folgen\ssie | folge\suns | suivez | síg[ua]e?nos | seguici | siga-nos | volg\sons
    śledź\snas | följ\soss | следите\sза
    click\shere | read\s(?:more|also|the\s(?:full|rest|original)) | learn\smore | see\salso
    more\s(?:from|at|on)\s | for\smore\s(?:information|stories|news|on) | visit\s(?:us|our|the)
    listen\sto\s(?:this|the) | watch\s(?:this|the|more) | download\s(?:our|the)
    lesen\ssie | lees\sook | lire\saussi | lea\stambién | leggi\sanche | leia\stambém | läs\sockså
    lue\smyös | czytaj\s(?:także|też) | читайте | 関連記事
    contact\s(?:us|the) | email\sus | send\s(?:us|your) | write\sto\sus | leave\sa\scomment
    tips?\s(?:us|line) | comments?\s(?:are|below) | let\sus\sknow | got\sa\s(?:tip|story)
    report\san\serror | about\sthe\sauthor
"""
_ORIGINS = r"""
    originally\spublished | first\s(?:appeared|published) | appeared\s(?:first\s)?on
    this\s(?:article|post|story|page)\s(?:is|was|has\sbeen|appeared|originally)
    erschienen?\s(?:zuerst\s)?(?:auf|bei|in) | zuerst\serschien
"""
# A forecast may well begin by naming who brings it; but it invites to nothing.
_OPENINGS = r"""
    sign\sup | subscribe\s(?:to|now|for) | your\sinbox | become\sa\s(?:member|supporter|patron)
    donate | support\s(?:us|our) | click\shere | listen\sto\sthis\s(?:article|story|post|episode)
    advertisement | follow\sus | share\sthis | read\s(?:also|the\s(?:full|original))
    originally\spublished | appeared\s(?:first\s)?on | first\spublished
    abonnieren\ssie | abonnez | sub?scr[ií]b | iscriviti | assine | подпиш | prenumerera | tilaa\s
"""


def _pattern(*lists: str) -> re.Pattern[str]:
    lines = (line.strip() for each in lists for line in each.strip().splitlines())
    return re.compile(" | ".join(lines), re.IGNORECASE | re.VERBOSE)


_CUE = _pattern(_ADDRESSES, _RIGHTS, _MEMBERSHIP, _INVITATIONS, _ORIGINS)
_OPENING_CUE = _pattern(_OPENINGS)


def has_cue(text: str, *, opening: bool = False) -> bool:
    """Returns True for a sentence that tells no news if it recurs.

    Args:
        text: The sentence.
        opening: True for the stricter rule of what a text begins with.
    """
    return (_OPENING_CUE if opening else _CUE).search(text) is not None
