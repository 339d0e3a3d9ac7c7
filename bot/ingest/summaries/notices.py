"""Notices: what stands in a story, and is about its making, its page or its publisher.

Who reported it, what was corrected, who holds the rights, an invitation, an embedded post, a
greeting: true of the story, and no part of a summary.
"""

from __future__ import annotations

import re

_LONGEST = 600  # characters of one; a tweet's attribution stands near its end

# Each stands at the beginning of a sentence.
_MAKING = r"""
    (?:Additional |Further |Writing and )?[Rr]eporting(?: and \w+)? by NAMES
    (?:[Ee]dited|[Ee]diting|[Ww]ritten|[Cc]ompiled|[Tt]ranslated) by NAMES
    [Ww]ith (?:additional )?(?:files|inputs?|material|reporting) (?:by|from) (?:[A-Z]|agenc)
    This is a (?:breaking|developing) (?:news )?story
    (?:Please )?[Cc]heck back (?:for|here|later|soon)
    More (?:details )?(?:to (?:come|follow)|follows)\b
    This (?:article|column|essay|interview|piece|post|story) \
(?:has(?: not)? been|is|may be|was|will be)(?: \w+ly| also| first)? (?:adapted|amended|auto-|\
clarified|corrected|edited|excerpted|produced|published|republished|sponsored|supported|\
syndicated|translated|updated)
    This (?:report|page|video) (?:has(?: not)? been|is|was|will be) (?:auto-|\
corrected|edited|updated)
    (?:Artwork|Camera|Hosted|Illustrations?|Music|Photos?|Produced|Sound|Video) by NAMES
    An? (?:earlier|previous) version of (?:this|the) (?:article|caption|headline|post|report|story)
    (?:Clarification|Correction|Disclaimer|Disclosure|Editor[’']?s?[’']? [Nn]ote)s?\
(?: \([^)]{1,30}\)|,? [A-Z][a-z]{2,8}\.? \d[^:]{0,15})?:
    (?:The |All )?(?:[Oo]pinions|[Vv]iews)(?: and \w+)? expressed \
(?:above|are|by the (?:author|writer)|here|in this|on this)
    Our Standards:|This press release contains|[A-Z]{3,4} 뉴스 [가-힣]{2,4}입니다
"""
_RIGHTS = r"""
    (?:©|\(c\)|ⓒ|Copyright (?:©|\(c\)|\d{4}))|All [Rr]ights [Rr]eserved
    This (?:content|material|text) may not be|No part of this
    Reproduction (?:in whole|of this|without perm)
    無断(?:転載|複製)|未经(?:授权|许可)[^。]{0,12}(?:转载|不得)|版权(?:所有|声明)|[（(【]?(?:責任編[輯集]|责任编辑|责编)
    무단 ?전재|저작권자|جميع الحقوق محفوظة|Все права защищены|Alle Rechte vorbehalten
    Tous droits réservés|Todos los derechos reservados
"""
_INVITATIONS = r"""
    Get (?:all |full )?(?:access|our|the|unlimited)\b.{0,60}\b(?:access|alerts|app|\
delivered|digital|inbox|newsletters?|straight)\b
    (?:Sign up|Subscribe|Register)\b.{0,30}\b(?:for|here|now|to|today)\b.{0,60}\b(?:\
alerts|article|channel|continue|free|here|inbox|newsletters?|now|read|reading|today|us|our)\b
    (?:Sign up|Subscribe|Register|Log ?in) (?:here|now|today)
    To (?:continue|keep) reading|To read (?:more|the (?:full|rest|whole))
    Follow (?:[@A-Z]|her|him|me|the author|them|us).{0,60} on (?:X|Twitter|Facebook|Instagram|\
Threads|Bluesky|Mastodon|TikTok|LinkedIn|YouTube|WhatsApp|Telegram|Google News)\b
    (?:Contact|Email|E-mail|Reach|Write to)\b.{1,60} (?:at|on)\s\
(?:[^\s@]{1,40}@|\+?[\d(]{1,4}[-. )]\d{3})
    (?:Email|E-mail|Write to|Contact) [^\s@]{1,40}@|Got a (?:confidential|news|story|tip)\b
    (?:Please )?(?:[Ll]et (?:me|us) know|[Tt]ell (?:me|us)|[Ss]hare your)\b.{0,60}\bcomments?\b
    If you (?:enjoy|enjoyed|like|liked) (?:our|the|this|what)\b
    (?:Please )?(?:[Dd]ownload|[Gg]et|[Ii]nstall) (?:our|the) (?:[\w-]+ ){0,4}app\b
    (?:Please )?[Ss]hare th(?:is|e) (?:article|post|story)
    Thank(?:s| you)(?: so much| very much)? for \
(?:listening|reading|subscribing|watching|your support)
    (?:Lesen|Hören|Sehen) Sie (?:auch|dazu|hier|mehr)\b|Mehr (?:dazu|zum Thema)\b
    (?:À |A )?[Ll]ire (?:aussi|également)\b|(?:Lea|Vea|Lee|Mira) (?:también|además)\b
    (?:Leia|Veja) (?:também|mais)\b|Leggi anche\b|Lees (?:ook|verder)\b|L[äæe]s (?:också|også)\b
    (?:Details|Find|For|Go to|Learn|More|Read|See|Visit|Watch)\b.{0,120}(?:://|\bwww\.)
    Lue myös\b|Czytaj (?:też|także|również)\b|Читайте также|Подписывайтесь|Подробнее
    [（(【]?(?:関連記事|あわせて読みたい|続きを読む|相关(?:阅读|新闻|报道)|延伸閱讀|관련 ?기사)
    اقرأ (?:أيضا|المزيد)|تابعونا|यह भी पढ़|और पढ़ें
"""
_PAGE = r"""
    (?:Advertisement|Sponsored)\b(?: ?[-–—:.]|$)|(?:Article|Story) continues (?:after|below)
    (?:Photograph|Photography|Graphic|Illustration|Bild|Quelle|Fuente|Crédit|Crédito)s?\
(?: by [A-Z]|:)
    (?:Image|Photo) (?:caption|source|credit)
    You (?:may|might) also (?:be interested|enjoy|like|want)
    (?:Most (?:popular|read)|Recommended(?: for you| reading)?|Trending(?: now)?|Up next|\
Related(?: \w+)?|More (?:from|on) this[^.:]{0,40}|Tags?|Topics?):
    (?:Don[’']t miss|In case you missed it)[:!]
    (?:We|(?:Our|This) (?:site|website)) uses? cookies
    By (?:clicking|continuing|registering|signing up|subscribing|using (?:our|this))\b\
.{0,80}\byou agree
    (?:Please )?[Ee]nable (?:cookies|[Jj]ava[Ss]cript)|Your browser (?:does|is)\b
    Th(?:e|is) (?:player|video|content) (?:cannot|can[’']t|could not|is not|isn[’']t) (?:be )?\
(?:available|load|play|support)
    Th(?:e|is) (?:article|guide|page|post|story) (?:may )?contains? (?:affiliate|descriptions of|\
graphic|spoilers)
    (?:We|I) (?:may|might) (?:earn|get|receive) (?:a|an|some) (?:\w+ )?commission
    If you or (?:a loved one|anyone|someone) you know
    \d{1,3}[- ]min(?:ute)?s? read\b|(?:Last )?[Uu]pdated (?:at|on)? ?\d|Published (?:at|on)? ?\d
    A post shared by\b
"""
_GREETINGS = r"""
    (?:Dear readers?|Good (?:afternoon|evening|morning)|Hello|Hi|Hey|Welcome(?: back)?)\b\
[^.?!]{0,40}!$
    Good (?:afternoon|evening|morning)\b[^.?!]{0,20}\.$
    Have an? (?:good|great|lovely|nice|wonderful) \w+[.!]
    That[’']s (?:all|it) for (?:now|this|today)
    See you (?:again )?(?:next|soon|then|there|tomorrow)\b[^.!]{0,30}[.!]$
"""

# `Ada Lovelace in London and Grace Hopper.`
_NAMES = r"[A-Z][\w.’'-]*(?:,? (?:and |in )?[A-Z][\w.’'-]*){0,12}\s*(?:[;.]|$)"


def _alternatives(*lists: str) -> str:
    lines = (line.strip() for each in lists for line in each.replace("\\\n", "").splitlines())
    return "|".join(filter(None, lines)).replace("NAMES", _NAMES)


_NOTICE = re.compile(
    rf"[(\[*_—–\s]{{0,4}}(?:{_alternatives(_MAKING, _RIGHTS, _INVITATIONS, _PAGE, _GREETINGS)})"
)
_CONTRIBUTED = re.compile(r" contributed (?:\w+ )?to this (?:article|post|report|story)\b")
# Anywhere in a short sentence.
_INVITES = re.compile(
    r"\b(?:your inbox|click here|follow us|share this|become a (?:member|supporter|patron)|"
    r"listen to this (?:article|episode|post|story)|sign(?:ing)? up (?:(?:for|to) (?:our|receive)|"
    r"here|now)|subscribe (?:now|to our|to us)|donate (?:here|now|to us)|read (?:also|the (?:full|"
    r"original))|support (?:us|our (?:journalism|newsroom|reporting|work))|wherever you "
    r"get your podcasts|(?:first )?appeared "
    r"(?:first )?on|originally published|abonnieren sie|abonnez-vous|suscr[ií]b[aei]|iscriviti|"
    r"assine|подпишитесь|prenumerera)\b",
    re.IGNORECASE,
)
_SHORT = 120  # characters
# Of posts that are embedded: a link to a picture, or who posted it and when.
_EMBEDDED = re.compile(r"pic\.twitter\.com/|//t\.co/|\(@\w{1,30}\),? (?:on )?[A-Z][a-z]{2,8} \d")


def is_notice(sentence: str) -> bool:
    """Tells whether a sentence is about the story, its page or its publisher, and tells no news."""
    head = sentence[:_LONGEST]
    if "contributed" in head and _CONTRIBUTED.search(head):
        return True
    if _NOTICE.match(head) or (len(sentence) <= _SHORT and _INVITES.search(head)):
        return True
    return ("@" in head or "/" in head) and _EMBEDDED.search(head) is not None
