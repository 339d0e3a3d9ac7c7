"""Cards: a story in a list or in a post, with the buttons that belong to it right under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from adapters.telegram.links import read_link, topic_link
from adapters.telegram.rich.blocks import (
    Audio,
    Block,
    Caption,
    Divider,
    Heading,
    Photo,
    PhotoFile,
    SmallPrint,
    TextBlock,
)
from adapters.telegram.rich.buttons import link_button, rows
from adapters.telegram.rich.prose import is_usable, site
from adapters.telegram.rich.recordings import recording
from adapters.telegram.rich.texts import DateTime, Link, Marked, RichButton, RichText, join_texts
from adapters.telegram.rich.view import View
from bot.dates import is_fresh, published
from bot.model import Story
from bot.offers import story_offers, story_pictures
from bot.reply import Button, Card, Reply, Role, Snippet
from bot.text.bidi import isolate

TITLE_SIZE = 2
"""The size of a heading that a message begins with."""

TOPIC_SIZE = 3
"""The size of a heading above several stories."""

_STORY_SIZE = 4  # of one story's heading in a list

_LONGEST_SITE = 16  # characters of a site's name on a button
_MAX_TOPICS = 3  # that a story's line names
_LAST_TIME = 1 << 31  # seconds since 1970, which Telegram counts in 32 bits


def card_blocks(reply: Reply, view: View) -> Iterator[Block]:
    """Renders the stories of a reply, each with its buttons."""
    reading, topic = placed(reply), ""
    for at, card in enumerate(reply.cards):
        topic = card.heading or topic
        if heading := view.prose.line(card.heading):
            yield Heading(heading, TOPIC_SIZE)
        elif at:
            yield Divider()
        is_alone = len(reply.cards) == 1 and card.number is None
        if is_alone:
            yield from picture(card, view)
        yield Heading(headline(card, view), TITLE_SIZE if is_alone else _STORY_SIZE)
        yield SmallPrint(dateline(card, view, topic))
        if excerpt := _excerpt(card, view):
            yield TextBlock(excerpt)
        if audio := sound(card, view):
            yield audio
        yield from offers(card, view, [one for one in reading if one.number == card.number])


def placed(reply: Reply) -> Sequence[Button]:
    """Returns the buttons that stand under their stories: they name one story of the reply."""
    numbers = [card.number for card in reply.cards]
    return [
        one for one in reply.buttons if one.role is Role.READ and numbers.count(one.number) == 1
    ]


def picture(card: Card, view: View) -> Iterator[Block]:
    """Renders a story's picture, where there is one and pictures are wanted."""
    if view.pictures and card.story.image and is_usable(card.story.image):
        yield Photo(PhotoFile(card.story.image))


def story_photos(story: Story, view: View) -> tuple[Photo, ...]:
    """Renders all pictures of a story, the first first, with captions that tell what they show.

    These are for a story that is read: photos of rich messages have no alternative text, and below
    each card of a list it would be noise.
    """
    found = story_pictures(story).items()
    return tuple(_photo(url, alt, view) for url, alt in found if is_usable(url))


def _photo(url: str, alt: str, view: View) -> Photo:
    words = view.prose.line(alt)
    return Photo(PhotoFile(url), Caption(words) if words else None)


def headline(card: Card, view: View) -> RichText:
    """Renders a story's headline with its number, as a link to its page or else into the bot."""
    title = view.prose.line(card.story.title) or card.story.id
    link = Link(isolate(title) if card.number else title, story_url(card, view))
    return (f"{card.number}. ", link) if card.number else link


def story_url(card: Card, view: View) -> str:
    """Returns the URL of a story's page or, without one, the deep link that opens it in the bot."""
    url = card.story.url
    return url if url and is_usable(url) else read_link(view.context.bot, card.story.id)


def dateline(card: Card, view: View, topic: str = "") -> RichText:
    """Renders source, place, time and topics: `The Prospect · TOKYO · 5 minutes ago · Osaka Expo`.

    At most three topics are named, the `topic` that it stands under not again; of others there is
    only the number.
    """
    story = card.story
    before = [
        isolate(view.prose.line(part)) for part in (card.signed_source, card.also, story.place)
    ]
    byline = isolate(view.prose.line(story.byline)) if card.number is None else ""
    # A sparkline may follow the topic in its heading.
    above = f"{topic} "
    others = [
        name for name in story.topics if view.prose.line(name) and not above.startswith(f"{name} ")
    ]
    topics: list[RichText] = [
        Link(isolate(view.prose.line(name)), topic_link(view.context.bot, name))
        for name in others[:_MAX_TOPICS]
    ]
    more = [f"+{left}" for left in (len(others) - _MAX_TOPICS,) if left > 0]
    return join_texts((*before, moment(card, view), byline, *topics, *more), " · ")


def moment(card: Card, view: View) -> RichText:
    """Renders when a story was published, which clients show in their own time zone."""
    story, clock = card.story, view.context.clock
    told = published(story, clock, view.context.words.language)
    seconds = int(story.published.timestamp())
    if story.date_only or not 0 <= seconds < _LAST_TIME:
        return told
    return DateTime(told, seconds, "r" if is_fresh(story, clock) else "Dt")


def _excerpt(card: Card, view: View) -> RichText:
    """Renders the passage that a search found, its words marked, or the summary."""
    if card.snippet is None:
        return view.prose.linked(card.story.summary)
    return _marked(card.snippet, view)


def _marked(snippet: Snippet, view: View) -> RichText:
    cuts = sorted({0, len(snippet.text), *(place for mark in snippet.marks for place in mark)})
    parts: list[RichText] = []
    for start, end in pairwise(cuts):
        piece = snippet.text[start:end]
        text = view.prose.line(piece)
        if not text:
            continue
        if parts and (piece[0].isspace() or snippet.text[start - 1].isspace()):
            parts.append(" ")
        is_marked = any(first <= start < last for first, last in snippet.marks)
        parts.append(Marked(text) if is_marked else text)
    return tuple(parts)


def offers(
    card: Card,
    view: View,
    read: Sequence[Button],
    *,
    page: bool = True,
    enclosures: bool = True,
) -> Iterator[Block]:
    """Renders the buttons of a story: to read it, to open its page and what comes with it.

    Args:
        card: The story.
        view: What it is rendered with.
        read: The buttons that read it in the chat.
        page: False to leave out the one that opens its page.
        enclosures: False to leave out those of what comes with it.
    """
    buttons = [view.buttons.button(one, one.beside) for one in read]
    yield from rows((*buttons, *(_page_buttons(card, view) if page else ())))
    if not enclosures:
        return
    audio = sound(card, view)
    taken = audio.audio.media if audio else ""
    found = (one for one in story_offers(card.story, view.context.words) if one.url != taken)
    yield from rows(link_button(one.label, one.url) for one in found if is_usable(one.url))


def sound(card: Card, view: View) -> Audio | None:
    """Renders the recording of a story that stands alone, to be heard in the message."""
    return recording(card, view) if card.number is None else None


def _page_buttons(card: Card, view: View) -> list[RichButton]:
    """Makes the button that opens a story's page; it names the site, if that is short."""
    url = card.story.url
    if not url or not is_usable(url):
        return []
    name = site(url)
    label = name if len(name) <= _LONGEST_SITE else view.gettext("Open the page")
    return [link_button(f"{label} ↗", url)]
