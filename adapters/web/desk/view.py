"""The view that the desk's templates have of a visit, with what they may call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from babel.dates import format_datetime

from adapters.web.desk.actions import encode_action
from adapters.web.desk.wording import desk_labels, health_label
from adapters.web.documents import web_address
from adapters.web.render import View
from bot.commands.event_corrections import JOIN
from bot.commands.source.actions import SOURCE_NAME
from bot.commands.trends import THEME
from bot.dates import ago, published, until
from bot.model import Action, Chat
from bot.monitoring.model import Health
from bot.monitoring.sizes import format_size
from bot.reply import Button, Card, Entry, LocalClock, Reply, Role
from bot.web.desk import PAGES, PICTURED, DeskPage
from bot.web.desk_access import Visit

HOME, SUBSCRIPTIONS, SOURCES = "", "subscriptions", "sources"
_TURNS = frozenset({Role.PREVIOUS, Role.NEXT})


@dataclass(frozen=True, slots=True)
class DeskView:
    """A visit, as the templates see it.

    Attributes:
        view: The site, the request and its language.
        visit: Who is there, and which chat the page is about.
        token: The token of the session's forms.
        page: The end of the page's path; empty for the first one.
        chats: The chats that may be chosen.
    """

    view: View
    visit: Visit
    token: str
    page: str = HOME
    chats: Sequence[Chat] = ()

    def render(self, template: str, **given: object) -> bytes:
        """Renders a page."""
        words = desk_labels(self.view.asked.words)
        return self.view.page(f"desk/{template}", desk=self, d=words, **given)

    def about(self, visit: Visit) -> DeskView:
        """Returns the same page's view, with buttons about another chat."""
        return replace(self, visit=visit)

    def link(self, page: str = HOME, /, **query: str) -> str:
        """Returns the address of a page of the desk that is about the same chat."""
        given = {"chat": self.visit.place, **query, "lang": self.view.asked.lang}
        kept = urlencode({name: value for name, value in given.items() if value})
        path = f"/desk/{page}" if page else "/desk"
        return f"{self.view.base_path}{path}{'?' + kept if kept else ''}"

    def form(self, name: str) -> str:
        """Returns the address that a form is sent to."""
        return self.view.link(f"/desk/{name}")

    @property
    def nav(self) -> Iterator[tuple[str, str]]:
        """The pages: ends of their paths, and what they are called."""
        words = desk_labels(self.view.asked.words)
        yield HOME, words["health"]
        yield SUBSCRIPTIONS, words["subscriptions"]
        yield SOURCES, words["sources"]
        for path, page in PAGES.items():
            yield path, self.view.asked.words.gettext(page.title)

    @property
    def known(self) -> DeskPage | None:
        """The command's page that this is; None for another one."""
        return PAGES.get(self.page)

    @property
    def title(self) -> str:
        """The name of the page."""
        return dict(self.nav).get(self.page, "")

    @property
    def hint(self) -> str:
        """The command that can be typed on the page; empty for none."""
        known = self.known
        return self.view.asked.words.gettext(known.hint) if known and known.hint else ""

    def code(self, action: Action) -> str:
        """Returns an action as a field of a form."""
        return encode_action(action)

    def presses(self, reply: Reply) -> Sequence[Button]:
        """Returns the buttons of a reply, without those that its cards and pages stand for."""
        shown = {card.story.id for card in (*reply.cards, *reply.more)}
        return [
            one
            for one in reply.buttons
            if one.role not in _TURNS and not (one.role is Role.READ and one.action.story in shown)
        ]

    def turns(self, reply: Reply) -> Sequence[Button]:
        """Returns the buttons that turn the pages of a reply."""
        return [one for one in reply.buttons if one.role in _TURNS]

    def turn(self, button: Button) -> str:
        """Returns where a page's own button leads; empty where only a form gets there."""
        given = dict(button.action.options)
        page, words = given.pop("page", ""), self.view.asked.text("q")
        own = self.known.action(words, 1) if self.known else None
        if own is None or (own.command, dict(own.options)) != (button.action.command, given):
            return ""
        return self.link(self.page, q=words, page=page)

    def turned(self, page: int) -> str:
        """Returns the address of another page of what is shown."""
        return self.link(self.page, page=str(page))

    @property
    def join(self) -> str:
        """The name of the option that puts a story to the event of another one."""
        return JOIN

    def sections(self, entries: Sequence[Entry]) -> Sequence[tuple[str, Sequence[Entry]]]:
        """Returns entries under the headings that they stand under."""
        headed, heading = list[tuple[str, Entry]](), ""
        for one in entries:
            heading = one.heading or heading
            headed.append((heading, one))
        return [
            (heading, [one for _, one in group])
            for heading, group in groupby(headed, key=lambda pair: pair[0])
        ]

    def picture(self, action: Action | None, theme: str = "light") -> str:
        """Returns the address of the picture of what was asked; empty for none.

        Args:
            action: What was asked.
            theme: The colours, as `/trends` names them.
        """
        if action is None or action.command not in PICTURED:
            return ""
        given = (*action.options, (THEME, theme))
        return self.link("picture", do=encode_action(replace(action, options=given)))

    def url(self, entry: Entry) -> str:
        """Returns where the name of an entry leads; empty for nowhere."""
        if entry.topic:
            return self.link("topics", q=entry.topic)
        return web_address(entry.url) if entry.url and not entry.action else ""

    def timeline(self, card: Card) -> Action:
        """Returns what shows how the event of a story went on."""
        return self.view.site.dispatcher.registry.timeline(card.story.id)

    def story(self, reply: Reply, card: Card) -> str:
        """Returns where a story's headline leads; empty for nowhere."""
        if self.has_tools(reply):
            return self.view.story_link(card.story)
        return web_address(card.story.url)

    def has_tools(self, reply: Reply) -> bool:
        """Tells whether the stories of a reply are in the store: those of a trial are in none."""
        return reply.command != SOURCE_NAME

    def when(self, card: Card, clock: LocalClock | None) -> str:
        """Returns when a story was published."""
        known = clock or LocalClock(self.view.site.services.zone)
        return published(card.story, known, self.view.asked.words.language)

    def ago(self, at: datetime) -> str:
        """Returns how long ago something was."""
        return ago(at, self.view.site.services.clock.now(), self.view.asked.words.language)

    def until(self, at: datetime) -> str:
        """Returns in how long something is."""
        return until(at, self.view.site.services.clock.now(), self.view.asked.words.language)

    def moment(self, at: datetime) -> str:
        """Returns a time, in the bot's own zone."""
        local = at.astimezone(self.view.site.services.zone)
        return format_datetime(local, "medium", locale=self.view.asked.words.language)

    def size(self, number: int) -> str:
        """Returns a number of bytes, in words."""
        return format_size(number, self.view.asked.words.language)

    def milliseconds(self, seconds: float) -> str:
        """Returns a short span of time."""
        return f"{self.view.number(round(seconds * 1_000))} ms"

    def health(self, health: Health) -> str:
        """Returns what the health of a source is called."""
        return health_label(health, self.view.asked.words)

    def told(self, text: str) -> str:
        """Returns one of the bot's own messages that was kept in English."""
        return self.view.asked.words.gettext(text) if text else ""

    def labels(self) -> Mapping[str, str]:
        """Returns the words of the desk's pages."""
        return desk_labels(self.view.asked.words)
