"""The desk on the web over a test's desk: a scripted platform, and browsers that log in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import aiohttp
from newsdesk import TestDesk
from site_desk import Answer
from typing_extensions import override

from adapters.web.desk.desk_site import DeskSite
from adapters.web.desk.guards import TryLimiter
from adapters.web.website import WebSite
from adapters.web_listener import WebListener
from bot.chat.directories import ChatDirectory
from bot.chat.staff import Staff
from bot.errors import NotAllowedError, ReaderError, UnreachableError
from bot.logins.logins import Logins
from bot.model import BotRights, Capability, Chat, Person
from bot.posting.page_links import PageLinks
from bot.web.desk import WebDesk
from bot.web.desk_access import DeskAccess
from bot.web.site import Site

OPERATOR, ANNA, BEN = "11", "22", "33"
"""An operator; moderators of one chat each."""

NEWS = Chat("telegram", "-1", name="Harbour News")
TALK = Chat("telegram", "-2", name="Harbour Talk")


@dataclass
class Directory(ChatDirectory):
    """A platform's chats, whose moderators and staff a test appoints."""

    staff: Staff = field(default_factory=lambda: Staff(operators=[int(OPERATOR)]))
    moderators: dict[str, set[str]] = field(
        default_factory=lambda: {NEWS.id: {ANNA}, TALK.id: {BEN}}
    )
    is_down: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    more: Sequence[Chat] = ()

    @property
    @override
    def shared(self) -> str:
        return "-*"

    def _moderates(self, person: Person, chat: str) -> bool:
        return person.moderator or person.id in self.moderators.get(chat, ())

    @override
    async def managed(self, person: Person, known: Sequence[Chat]) -> Sequence[Chat]:
        return [one for one in (NEWS, TALK, *self.more) if self._moderates(person, one.id)]

    @override
    async def find(self, id: str, person: Person) -> tuple[Person, Chat]:
        self.asked.append((id, person.id))
        if self.is_down:
            raise UnreachableError("No answer. Try again in a moment.")
        known = {one.id: one for one in (NEWS, TALK, *self.more)}
        if id not in known:
            raise ReaderError("I can't see that chat.")
        if not self._moderates(person, id):
            raise NotAllowedError(f"Only administrators of {known[id].name} can do that.")
        abilities = Capability.POSTS | Capability.CHANNELS | Capability.TIMESTAMPS
        there = replace(known[id], rights=BotRights(), capabilities=abilities)
        return replace(person, moderator=True, host=False), there

    @override
    def in_private(self, person: Person) -> Person:
        return self.staff.in_private(person)

    @override
    def message_link(self, chat: Chat, message: str) -> str:
        return ""


@dataclass
class Browser:
    """A browser: it keeps cookies, fills in forms, and follows no redirect by itself."""

    address: str
    session: aiohttp.ClientSession
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, None, headers)

    async def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """Sends a form, as a page of the site would if no header says otherwise."""
        return await self.ask("POST", path, fields, {"Origin": self.address, **headers})

    async def press(self, page: Answer, label: str, **fields: str) -> Answer:
        """Presses a button of a page."""
        forms = page.page.xpath("//form[@method='post']")
        form = next(one for one in forms if one.xpath("string(.//button)").strip() == label)
        return await self.post(str(form.get("action")), {**dict(form.form_values()), **fields})

    async def ask(
        self, method: str, path: str, fields: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> Answer:
        """Sends a request; headers by their names with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        asking = self.session.request(
            method, f"{self.address}{path}", data=fields, headers=sent, allow_redirects=False
        )
        async with asking as answer:
            for name, morsel in answer.cookies.items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
            return Answer(answer.status, await answer.read(), answer.headers)


@dataclass(frozen=True, slots=True)
class WebDeskRig:
    """A desk that is served, with its platform."""

    desk: TestDesk
    directory: Directory
    site: DeskSite
    address: str
    session: aiohttp.ClientSession

    def browser(self) -> Browser:
        """A browser that is nobody's yet."""
        return Browser(self.address, self.session)

    async def link(self, person: str, name: str = "") -> str:
        """The path of a link that the bot gives a person in their private chat."""
        asks = self.directory.in_private(Person(person, name or f"Person {person}"))
        reply = await self.desk.ask("/desk", asks, Chat("telegram", person))
        assert reply.ok, reply.text
        return urlsplit(reply.entries[0].url).path

    async def logged_in(self, person: str) -> Browser:
        """A browser in which a person has logged in."""
        browser = self.browser()
        entered = await browser.press(await browser.get(await self.link(person)), "Log in")
        assert entered.status == 303
        return browser


@asynccontextmanager
async def serving_desk(desk: TestDesk, port: int, base: str = "") -> AsyncIterator[WebDeskRig]:
    """Serves the site of a desk with what is behind its login."""
    address = f"http://127.0.0.1:{port}"
    services, directory = desk.dispatcher.services, Directory()
    services.logins = logins = Logins(desk.store.logins, services.clock, base or address)
    services.directories.register("telegram", directory)
    site = Site(desk.dispatcher, PageLinks(base or address))
    web_desk = WebDesk(site, DeskAccess(services, logins))
    desk_site = DeskSite(web_desk, TryLimiter(services.clock))
    website = WebSite(site, WebListener(f"127.0.0.1:{port}"), desk=desk_site)
    jar = aiohttp.DummyCookieJar()
    async with website.handling(), aiohttp.ClientSession(cookie_jar=jar) as session:
        yield WebDeskRig(desk, directory, desk_site, address, session)
