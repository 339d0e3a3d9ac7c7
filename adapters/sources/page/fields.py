"""The fields of a story as its part of the page shows them: title, summary, picture, byline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adapters.sources.feed.html_text import clean_line
from adapters.sources.feed.images import is_content_image
from adapters.sources.feed.model import Media
from adapters.sources.page.dates import without_dates
from adapters.sources.page.document import Element, PageTree, is_block, names_of, text_of
from adapters.sources.page.links import StoryLink
from adapters.sources.page.records import Record

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:title|headline|heading|hed|ttl|subject|titulo|titre|titel)(?:$|[\s_-])|"
    r"(?:title|headline)(?:$|[\s_-])"
)
_BYLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:byline|author|autor|by|writer)(?:$|[\s_-])")
# What leads on to a story, or from it to something else, and is no title.
_STOP_WORDS = (
    r"(?:continue|keep)\s+reading",
    r"read\s+(?:the\s+)?(?:more|full|article|on|story|press release)",
    r"(?:learn|see|view)\s+(?:more|all|details)|full\s+(?:story|article|text)|more|details?|link",
    r"permalink|here|click here|download|pdf|html|video|audio|watch|listen|gallery|share|tweet",
    r"email|print|reply|edit|hide|past|discuss|save|report|next|previous|prev|older|newer|home|top",
    r"reply to .*|comments?|(?:leave|add|post)\s+a?\s*(?:comment|reply)|no comments?",
    r"\d+\s*(?:comments?|replies|views?|likes?|points?|comentarios?|coment[aá]rios?|commentaires?)",
    r"\d+\s*(?:commenti|reacties|kommentare?|комментари\w*|コメント|評論|评论)",
    r"weiterlesen|mehr(?:\s+(?:lesen|erfahren|dazu|infos?))?|zum artikel|lesen|kommentare?",
    r"lire(?:\s+(?:la\s+suite|plus|l.article))?|en savoir plus|la suite|voir plus|commentaires?",
    r"leer(?:\s+m[aá]s)?|(?:ver\s+)?m[aá]s(?:\s+informaci[oó]n)?|seguir leyendo|comentarios?",
    r"leggi(?:\s+(?:tutto|di pi[uù]|l.articolo))?|continua(?:\s+a\s+leggere)?",
    r"leia(?:\s+mais)?|saiba mais|lees\s+(?:meer|verder)|czytaj(?:\s+(?:dalej|więcej))?",
    r"читать(?:\s+(?:далее|дальше|полностью))?|далее|подробнее",
    r"続きを読む|もっと見る|詳細(?:を見る|はこちら)?|詳しくはこちら|一覧(?:へ|を見る)?|コメント(?:\s*[(（]\d+[)）])?",
    r"(?:阅读|閱讀)(?:全文|更多)|更多|查看(?:更多|详情)|详情|全文|더\s?보기|자세히(?:\s보기)?",
    r"المزيد|اقرأ المزيد|עוד",
)
_STOP = re.compile(rf"(?:{'|'.join(_STOP_WORDS)})[\s.…»›→>\]\[:!+(-]*", re.IGNORECASE)
_AGE = re.compile(
    r"(?:about |vor |hace |il y a )?\d+ [^\W\d_]+(?:,? (?:and )?\d+ [^\W\d_]+)?"
    r"(?: ago| (?:yang )?lalu| назад| fa| atrás)?|"
    r".{0,8}(?:\d+|半)\s?(?:秒|分钟|小时|天|分|時間|日|주|시간|일)\s?(?:前|전)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[\W\d_]*|(?:https?://|www\.)\S*")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Pictures that stand where another is loaded later, and signs.
_PLACEHOLDER = re.compile(
    r"transparent|placeholder|lazy-?load|loading\.|/(?:blank|empty|default|no-?image|arrow\w*|"
    r"\w*arrow|icons?|logo)[\w-]*\.(?:gif|png|svg|jpe?g)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"url\(\s*[\"']?([^\"')\s]+)")
_SOURCES = (
    *("data-src", "data-original", "data-lazy-src", "data-lazy", "data-image", "data-srcset"),
    *("src", "srcset"),
)
_MAX_TITLE = 300
_MIN_WORDS = 16  # the weight of a title's words besides a date
# What the length of a title is worth, up to so many Latin signs.
_LENGTHS = ((8, 0.0), (16, 0.25), (28, 0.6), (140, 1.0), (220, 0.6))
_OVERLONG = 0.2
_MAX_DATA = 120
_DATA = re.compile(
    r"\b\d+\s*(?:points?|comments?|replies|views?|likes?|shares?|min(?:utes?)? read)\b|"
    r"^(?:posted|published|updated|by|von|veröffentlicht|por|publicado|publié|par|tags?|"
    r"filed under|categor(?:y|ies)|опубликовано|投稿日|カテゴリー|タグ|公開日|更新日)\b[\s:]|"
    r"\b\d+\s*(?:minutes?|hours?|days?|weeks?|months?)\s+ago\b|"
    r"(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\b(?:19|20)\d\d\b.{0,30}\d{1,2}:\d\d",
    re.IGNORECASE,
)
_MIN_SUMMARY, _MAX_SUMMARY = 40, 600


def weight(text: str) -> float:
    """Returns the length of a text in Latin signs: an ideograph says as much as some two."""
    return len(text) + 1.3 * len(_WIDE.findall(text))


def length_score(title: str) -> float:
    """Returns what a title is worth by its length alone, from 0 to 1."""
    length = weight(title)
    return next((worth for most, worth in _LENGTHS if length < most), _OVERLONG)


def is_title(text: str) -> bool:
    """Tells if a text can be the title of a story."""
    if not text or any(each.fullmatch(text) for each in (_STOP, _NUMBERS, _AGE)):
        return False
    rest = without_dates(text)  # `Last reply: 20 November 2026` is none
    return rest == text or weight(rest) >= _MIN_WORDS


def title_of(record: Record) -> tuple[str, bool]:
    """Returns a story's title, empty for none, and True where markup makes it a headline."""
    for link in record.links:
        for heading in _headings(link.element):
            text = text_of(heading)
            if is_title(text):
                return text[:_MAX_TITLE], True
    if worded := [link for link in record.links if is_title(link.text)]:
        best = max(
            worded, key=lambda link: (_stands_in_heading(link, record), length_score(link.text))
        )
        return _own_words(best)[:_MAX_TITLE], _stands_in_heading(best, record)
    for element in record.elements:
        for heading in _headings(element):
            text = text_of(heading)
            if is_title(text) and next(heading.iter("a"), None) is None:
                return text[:_MAX_TITLE], True
    return _title_of_picture(record), False


def _headings(element: Element) -> Iterator[Element]:
    """Yields the headings in an element: the real ones first, then those by their classes."""
    nodes = list(element.iter("*"))
    yield from (node for node in nodes if node.tag in _HEADINGS)
    yield from (
        node
        for node in nodes
        if node.tag not in {"a", "img", "time"} and _TITLE_CLASS.search(names_of(node))
    )


def _own_words(link: StoryLink) -> str:
    """Returns the words of a link; of a whole card that is a link, those of its first part."""
    parts = [text_of(each) for each in link.element if is_block(each)]
    inner = next((part for part in parts if is_title(part)), "")
    return inner if inner and len(link.text) > len(inner) + _MIN_SUMMARY else link.text


def _stands_in_heading(link: StoryLink, record: Record) -> bool:
    for element in link.path:
        if element.tag in _HEADINGS or (
            element is not record.element and _TITLE_CLASS.search(names_of(element))
        ):
            return True
        if element is record.element:
            return False
    return False


def _title_of_picture(record: Record) -> str:
    for link in record.links:
        for image in link.element.iter("img"):
            text = clean_line(image.get("alt") or image.get("title") or "")
            if is_title(text):
                return text[:_MAX_TITLE]
    named = (
        clean_line(link.element.get("title") or link.element.get("aria-label") or "")
        for link in record.links
    )
    return next((text[:_MAX_TITLE] for text in named if is_title(text)), "")


def summary_of(record: Record, title: str) -> str:
    """Returns the longest passage of a story's part that is not its title; empty for none."""
    best = ""
    for passage in _passages(record.elements):
        text = passage.rpartition(title)[2].strip(" ·|–—-:")  # without a title that stands in it
        is_long = weight(text) >= _MIN_SUMMARY and len(text) > len(best)
        if is_long and text not in title and not _is_data(text):
            best = text
    cut = best[:_MAX_SUMMARY]
    return cut if len(best) <= _MAX_SUMMARY else f"{cut[: cut.rfind(' ')]}…"


def _is_data(text: str) -> bool:
    """Tells if a passage says when and by whom a story was written, and not what it is about."""
    return len(text) <= _MAX_DATA and bool(_DATA.search(text))


def _passages(elements: Sequence[Element]) -> Iterator[str]:
    """Yields the words of the innermost blocks."""
    for element in elements:
        for node in element.iter("*"):
            if (
                node.tag in _HEADINGS
                or node.tag in {"time", "figcaption"}
                or _BYLINE_CLASS.search(names_of(node))
            ):
                continue
            if is_block(node) or node.tag in {"span", "a"}:
                text = clean_line(node.text or "") if _has_blocks(node) else text_of(node)
                text = text or (_tails(node) if _has_blocks(node) else "")
                if text and not _STOP.fullmatch(text):
                    yield text
        if tail := clean_line(element.tail or ""):
            yield tail


def _has_blocks(node: Element) -> bool:
    return any(is_block(each) and each.tag != "br" for each in node)


def _tails(node: Element) -> str:
    """Returns the longest text that stands between the blocks of an element."""
    return max((clean_line(each.tail or "") for each in node), key=len, default="")


def byline_of(record: Record) -> str:
    """Returns who wrote a story, as the page names them; empty for nobody."""
    for element in record.elements:
        for node in element.iter("*"):
            is_byline = node.get("rel") == "author" or node.get("itemprop") == "author"
            if is_byline or _BYLINE_CLASS.search(names_of(node)):
                text = re.sub(
                    r"^(?:by|von|par|por|di|door)\s+", "", text_of(node), flags=re.IGNORECASE
                )
                if 2 < len(text) <= 60 and not re.search(r"[0-9]", text):  # noqa: PLR2004 - a name
                    return text
    return ""


def picture_of(record: Record, document: PageTree) -> Media | None:
    """Returns a story's picture, with its absolute address; None for none."""
    for element in record.elements:
        for node in element.iter("*"):
            for address, width, height in _pictures(node):
                url = document.address(address)
                if not url or _PLACEHOLDER.search(url):
                    continue
                media = Media(url, "image", width, height, alt=node.get("alt", ""))
                if is_content_image(media):
                    return media
    return None


def _pictures(node: Element) -> Iterator[tuple[str, int, int]]:
    if node.tag in {"img", "source"}:
        size = _pixels(node.get("width", "")), _pixels(node.get("height", ""))
        for name in _SOURCES:
            if value := str(node.get(name, "")).strip():
                yield value.partition(",")[0].split()[0] if "srcset" in name else value, *size
    elif "url(" in str(node.get("style", "")) and (found := _BACKGROUND.search(node.get("style"))):
        yield found[1], 0, 0


def _pixels(text: str) -> int:
    found = re.match(r"[0-9]{1,5}", str(text))
    return int(found[0]) if found else 0
