"""Small talk: short answers to greetings and thanks, which search for nothing."""

from __future__ import annotations

from bot.chat.registry import Registry
from bot.chat.request import Request, Services
from bot.model import Person
from bot.reply import Button, Reply
from bot.search.held_phrases import is_title
from bot.text.fillers import Greeting, is_greeting


async def answer_small_talk(
    services: Services, registry: Registry[Request], line: str, person: Person
) -> Reply | None:
    """Answers a line that only greets or thanks; None for any other, and where a title says so.

    In a chat with others the reply is silent: nobody there waits for one.

    Raises:
        StoreError: The store cannot be read.
    """
    kind = is_greeting(line)
    if kind is None or await is_title(services.store.search, line):
        return None
    if not person.host:
        return Reply("", silent=True)
    _ = services.translations.gettext
    said = {
        Greeting.HELLO: _("Hello! What would you like to read about?"),
        Greeting.THANKS: _("You're welcome!"),
        Greeting.GOODBYE: _("Goodbye! Come back any time."),
    }
    buttons = (
        Button(_("Latest stories"), registry.latest()),
        Button(_("Topics"), registry.topics()),
    )
    return Reply("", text=(said[kind],), buttons=buttons)
