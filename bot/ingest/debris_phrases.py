"""Phrases of publishing systems, by the system: WordPress, Medium, Substack, Reddit, podcast hosts.

Each line is one or several patterns, in which a space stands for itself. All are bounded, so that
to search for them takes linear time.
"""

from __future__ import annotations

import re

# A date as Drupal writes it: `Fri, 11/20/2026 - 10:00`.
_DATE = r"(?:[^\W\d_]{2,12}\.?,?\s?)?\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4} - \d{1,2}:\d{2}"

SUBMITTED = re.compile(
    rf"\s?(?P<by>Submitted by )?(?P<author>[\w .,'’|–-]{{0,60}}?)\s?(?:on )?{_DATE}\s?"
)
"""Drupal's line of author and date, before a text."""

WORD_SETTINGS = re.compile(
    r"Normal \d{1,2}(?: \d{1,2})?(?: (?:false|true)){2,4}"
    r"(?: [A-Z]{2}(?:-[A-Z]{2,4})?| X-NONE){0,4}(?: MicrosoftInternetExplorer\d)?\s"
)
"""Settings that Word's clipboard puts before a text."""

ABSTRACT = re.compile(r"arXiv:\S{1,40} Announce Type: [\w-]{1,30}\s{1,3}Abstract:\s?")
"""Words that arXiv puts before an abstract."""

DATE_LINE = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,? )?"
    r"(?:[^\W\d_]{3,12}\.? \d{1,2},? \d{4}|\d{1,2}\.? (?:de )?[^\W\d_]{3,12}\.?,?(?: de)? \d{4}"
    r"|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})"
    r"(?:,?(?: -| at| um)? \d{1,2}[:.h]\d{2}(?: ?[ap]\.?m\.?)?)?"
)
"""A date, which as a paragraph of its own before a text is the story's."""

WHOLE_TEXTS = re.compile(
    r"Comments|\[?(?:link|comments|image|video)\]?|Read more\W{0,4}|null|None|No content\."
)
"""Texts that say nothing: Hacker News', GitHub's, and those of empty fields."""

# What is added as a paragraph of its own, anywhere: by Substack, by WordPress' plugins, by Medium.
_MODULES = r"""
    Thanks for reading.{0,150}! (?:Subscribe for free|This post is public).{0,120}
    .{1,120} is a reader-supported publication\. To receive new posts.{0,160}
    (?:Subscribe|Subscribe now|Share|Share this post|Leave a comment|Upgrade to paid)\W{0,3}
    (?:Give a gift subscription|Get the app|Join the chat|Refer a friend|Type your email)\W{0,3}
    (?:Read in the Substack app|Start writing today|Discussion about this post)\W{0,3}
    (?:Share this|Like this|Related|Share on|Teilen mit|Gefällt mir|Partager|Comparte esto):?
    This post is for (?:paying |paid )?(?:subscribers|members)(?: only)?\W{0,2}
    Already (?:have an account|a (?:member|subscriber))\? ?(?:Sign|Log) ?in\W{0,2}
    (?:Email sent|Great)! Check your inbox.{0,120}
    (?:No spam\. )?Unsubscribe (?:at )?any ?time\W{0,2}
    Sorry, something went wrong\. Please try again\W{0,2}
    You (?:currently )?have \d{1,5} referrals?\b.{0,120}
    Powered by (?:beehiiv|Substack|Ghost|Buttondown|Mailchimp|ConvertKit|Kit|Revue)\W{0,2}
    (?:Filed (?:under|in)|Posted in|Tagged(?: with)?|Tags|Categor(?:y|ies)): ?.{1,200}
    (?:Schlagwörter|Kategorien?|Étiquettes|Catégories|Etiquetas|Categorías): ?.{1,200}
    Sent from my (?:iPhone|iPad|Android|mobile|phone|Samsung|BlackBerry|Galaxy).{0,30}
    (?:Permalink|Permanent link|Link to this post|Comments?|\d{1,5} [Cc]omments?)\W{0,2}
    Normal \d(?: false| true){1,4}(?: [\w-]{2,30}){0,6}
    Like ?Loading\W{0,3}|Loading\W{1,3}
    Click to (?:share|email|print|tweet).{0,120}\(Opens in new window\).{0,80}
    .{1,300} was originally published in .{1,200} on Medium, where people are continuing .{0,99}
"""

# What is added as an item of a list of its own.
_BUTTONS = r"""
    (?:Tweet|Email|E-mail|Print|Pin|Pocket|Reddit|Telegram|Tumblr|WhatsApp|LinkedIn|More|Mehr|Plus)
"""

# How WordPress ends the stories in its feeds, in the languages that it speaks.
_APPEARED = r"""
    The (?:post|article|story|entry|essay|episode) .{0,400}?appeared first (?:on|in|at)[ ]
    The (?:post|article|story|entry|essay|episode) .{0,400}?first appeared (?:on|in|at)[ ]
    Der (?:Beitrag|Artikel) .{0,400}? erschien zuerst auf[ ]
    L[’'](?:article|entrée) .{0,400}? est apparue? en premier sur[ ]
    (?:La entrada|El artículo|El cargo) .{0,400}? (?:se publicó|aparece|apareció) primero[ ]
    L[’']articolo .{0,400}? (?:proviene da|sembra essere il primo su)[ ]
    O (?:post|artigo|conteúdo) .{0,400}? (?:apareceu|aparece|foi publicado) primeiro em[ ]
    Het (?:bericht|artikel) .{0,400}? verscheen (?:eerst|als eerste) op[ ]
    Artykuł .{0,400}? pochodzi z serwisu[ ]
    (?:Сообщение|Запись) .{0,400}? (?:появились сначала на|впервые появилась)[ ]
    Příspěvek .{0,400}? pochází z[ ]
    Inlägget .{0,400}? dök först upp på[ ]
    Artikkeli .{0,400}? julkaistiin (?:ensimmäisenä|ensimmäisen kerran)[ ]
    L[’']entrada .{0,400}? ha aparegut primer a[ ]
    Articolul .{0,400}? apare (?:prima dată|mai întâi) (?:în|pe)[ ]
    A(?:\(z\)|z) .{0,400}? (?:bejegyzés )?először[ ]
    (?:Το άρθρο|Η δημοσίευση) .{0,400}? (?:εμφανίστηκε|δημοσιεύτηκε) πρώτα σ\w{1,3}[ ]
    (?:Objava|Članak) .{0,400}? (?:pojavil[ao]? se prv[io]|se je prvič pojavil)\w{0,3}[ ]
    (?:Допис|Запис) .{0,400}? (?:з[’']явився спочатку на|вперше з[’']явився на)[ ]
    ظهرت المقالة .{0,400}? أولاً على[ ]
    Bài viết .{0,400}? (?:đã )?xuất hiện đầu tiên[ ]
    (?:Indlægget|Innlegget) .{0,400}? (?:blev først udgivet på|dukket først opp på)[ ]
"""

# The same in languages that name the story before they say so.
_APPEARED_BEHIND = r"""
    (?:yazısı )?ilk önce .{1,80} üzerinde ortaya çıktı
    は ?.{1,80} ?に最初に表示されました
    (?:最先出现在|最先出現於|首先出现在|最早出现在) ?.{1,80}
    (?:게시물이|글은|포스트가) ?.{1,80}에 처음 (?:등장했|게시되었)습니다
"""

# How podcast hosts and forums end the texts of their feeds.
_HOSTS = r"""
    This (?:article|post|story|essay|piece) (?:was )?(?:first|originally) (?:published|appeared)[ ]
    (?:Hosted on Acast\. ?)?See acast\.com/privacy for[ ]
    Learn more about your ad choices\. Visit[ ]
    (?:Hosted (?:by|on) .{1,60}\. )?(?:See|Visit) ADDRESS for (?:information|privacy|more)[ ]
    This show is part of the Spreaker Prime Network[ ,]
    See (?:the |our )?Privacy Policy at[ ]
    (?:Advertising Inquiries|Privacy & Opt-Out): ?(?=https?://)
    (?:-{2,9} )?(?:Send in a voice message|Support (?:this|the|our) (?:podcast|show)): ?(?=https?://|www\.)
    Become a supporter of this podcast: ?(?=https?://|www\.)
    Get full access to .{1,120} at (?=[\w.-]{1,80}/subscribe)
    This is a public episode\. If you[’']d like to discuss this[ ]
    This is a free preview of a paid episode\. To hear more, visit[ ]
    \d{1,5} ?POSTS? - \d{1,5} ?MEMBERS?(?= |$)
    Full Changelog: ?\S{1,200}(?= |$)
    (?:Article|Comments) URL: ?(?=https?://)
"""

_READ_ON = r"""
    Continue reading|Keep reading|Read more|Read on|Learn more|See more|Show more
    (?:Click|Tap) here to(?: (?:read|see|view|learn|on|more|the|this|full|rest|of)){1,6}TEXT?
    Vollständiges Thema lesen|Lire le sujet en entier|Leer (?:el )?tema completo|阅读完整话题
    Leggi l[’']argomento completo|Ler tópico completo|Lees volledig topic|トピック全体を読む
    Читать всю тему|Czytaj pełny temat
    Read(?: the| this| full| rest| whole| entire| complete| original| of){1,5}TEXT?
    (?:View|Go to|Open|See|Visit)(?: the| this)?(?: full| original| whole| complete)?TEXT
    View (?:the )?(?:full|original)|(?:Full|Complete)TEXT
    Weiterlesen|Mehr lesen|Mehr erfahren|Lire la suite|Lire plus|En savoir plus|Seguir leyendo
    Sigue leyendo|Leer más|Leer mas|Continua a leggere|Leggi tutto|Leggi di più|Leia mais
    Continue lendo|Continue a ler|Ler mais|Lees verder|Lees meer|Czytaj dalej|Czytaj więcej
    Читать далее|Читать дальше|Подробнее|Читати далі|Läs mer|Läs vidare|Les mer|Læs mere
    Læs videre|Lue lisää|Jatka lukemista|Devamını oku|Číst dále|Číst více|Čítať ďalej|Tovább
    Tovább olvasom|Citește mai mult|Citeşte mai mult|Διαβάστε περισσότερα|Прочетете още
    Pročitaj više|Preberi več|Baca selengkapnya|Đọc tiếp|Xem thêm|阅读更多|阅读全文
    继续阅读|閱讀更多|繼續閱讀|続きを読む|もっと読む|더 보기|더 읽기|계속 읽기|اقرأ المزيد
    متابعة القراءة|ادامه مطلب|קרא עוד|המשך קריאה|और पढ़ें|อ่านต่อ
"""


# As Discourse counts them.
_POSTS = (
    "(?:posts?|Beitr[aä]ge?|messages?|publicaciones|publicación|messaggi|postagens|berichten|"
    "件の投稿|个帖子|сообщени[ейя]|wpis(?:y|ów)?)"
)
_MEMBERS = (
    "(?:participants?|Teilnehmer|participantes?|partecipant[ei]|deelnemers?|人の参加者|位参与者|"
    "участник(?:а|ов)?|uczestnik(?:ów)?)"
)
# As WordPress says in brackets that there is more.
_MORE = (
    "more|mehr|weiter(?:lesen)?|suite|lire la suite|más|leer más|altro|leggi tutto|mais|leia mais|"
    "meer|lees meer|więcej|далее|читать далее|mer|läs mer|les mer|læs mere|lisää|devamı|více|"
    "περισσότερα|続きを読む|もっと読む|更多|더 보기"
)
_ADDRESS = r"(?:https?://)?[\w.-]{1,60}\.\w{2,8}/?\S{0,40}"
_TEXT = "(?: story| article| post| entry| essay| text| version| piece| interview| topic| thread)"


def _alternatives(*lists: str) -> str:
    """Returns one pattern for all lines, which may end in a space."""
    lines = (line.lstrip() for each in lists for line in each.splitlines() if line.strip())
    found = "|".join(lines).replace("POSTS?", _POSTS).replace("MEMBERS?", _MEMBERS)
    return found.replace("ADDRESS", _ADDRESS)


MODULES = re.compile(rf"(?:• )?(?:{_alternatives(_MODULES)})|• (?:{_alternatives(_BUTTONS)})")
"""Paragraphs that are no part of the text, wherever they stand."""

APPEARED = re.compile(rf"(?:(?<=\s)|^)(?:{_alternatives(_APPEARED)}).{{0,300}}$")
"""WordPress' endings, in which the title stands."""

APPEARED_BEHIND = re.compile(rf"(?:{_alternatives(_APPEARED_BEHIND)})\W{{0,3}}$")
"""WordPress' endings, before which the title stands."""

DATED = re.compile(rf"(?:(?<=[.!?…”\")]\s)|(?<=[.!?])|^)(?P<author>[\w '’-]{{1,60}}?)\s?{_DATE}$")
"""Drupal's line of author and date, behind a text."""

ENDINGS = re.compile(
    rf"(?:(?:(?<=\s)|^)(?:{_alternatives(_HOSTS)}).{{0,300}}"
    r"|\|?\s?submitted by\s{1,3}/?u/(?:[\w-]{1,40}|\[deleted\])(?:\s{1,3}to\s{1,3}/?r/\w{1,40})?"
    r"(?:\s{1,3}\[link\])?(?:\s{1,3}\[comments\])?"
    r"|(?:(?<=\s)|^)(?:Points|# Comments): \d{1,7}"
    rf"|(?:(?<=\s)|^)\((?:{_MORE})\s?(?:…|\.{{3}})\)"
    r"|(?:(?<=\s)|^)Originally (?:published|posted) (?:at|on|in) "
    rf"(?:{_ADDRESS}|[A-Z][\w’' &.]{{0,40}}?)(?: on [^\W\d_]{{3,12}} \d{{1,2}}, \d{{4}})?\.?"
    r")$"
)
"""Phrases that are added at the end of a text."""

READ_ON = re.compile(
    rf"(?:(?<=[\s.!?…。\[(»→])|^)(?:{_alternatives(_READ_ON)})(?![^\W\d_])".replace("TEXT", _TEXT),
    re.IGNORECASE,
)
"""Invitations to read the rest on the page; they begin with a capital letter."""

TARGETS = re.compile(
    r"(?:on|auf|bei|sur|su|en|em|op|på|na) .{1,40}|(?:at|in) \S{1,60}|here|now|below|"
    r"(?:at|in)(?-i:(?: [A-Z][^\s.!?]{0,30}| of| the| and| &){1,6})|"
    r"of (?:this|the) (?:story|article|post)(?: (?:at|on) .{1,40})?|"
    r"(?:this|the|full|whole) .{1,20}",
    re.IGNORECASE,
)
"""Targets that an invitation names, other than a headline."""

ARROWS = "→»›>⟶➔▶"
"""Signs that an invitation ends with."""
