"""One person's talk with the desk, wherever its lines come from."""

from __future__ import annotations

from adapters.console.choices import Choices, choices
from adapters.console.meaning import Ask, NoChoice, Press
from adapters.console.ports import DeskLike
from bot.errors import DatelineError
from bot.i18n import Words
from bot.model import Chat, Person
from bot.reply import Reply
from bot.text import quoted


class Conversation:
    """Asks the desk, and remembers what can be chosen.

    Attributes:
        desk: Answers.
        person: Who asks.
        choices: What can be chosen now.
    """

    def __init__(self, desk: DeskLike, person: Person, words: Words) -> None:
        self.desk = desk
        self.person = person
        self.choices = Choices()
        self._chat = Chat("console", "terminal")
        self._words = words

    async def answer(self, asked: Ask | Press | NoChoice) -> Reply:
        """Answers; trouble the bot knows of becomes a reply too."""
        try:
            reply = await self._reply(asked)
        except DatelineError as error:
            return _sorry(str(error))
        self.heard(reply)
        return reply

    def heard(self, reply: Reply) -> None:
        """Takes what a reply offers as the choices at hand.

        A refusal that offers nothing leaves them as they were: the list is still on the screen.
        """
        offered = choices(reply)
        if reply.ok or offered.items:
            self.choices = offered

    async def _reply(self, asked: Ask | Press | NoChoice) -> Reply:
        match asked:
            case Ask(line):
                return await self.desk.answer(line, self.person, self._chat)
            case Press(action):
                return await self.desk.press(action, self.person, self._chat)
            case NoChoice(key):
                return _sorry(self._no_choice(key))

    def _no_choice(self, key: str) -> str:
        _ = self._words.gettext
        if self.choices.items:
            message = _("“{key}” is not one of the choices. To look for it, type /search {key}")
        else:
            message = _("There is nothing to choose yet. To look for “{key}”, type /search {key}")
        return message.format(key=quoted(key))


def _sorry(message: str) -> Reply:
    return Reply("", text=(message,), ok=False)
