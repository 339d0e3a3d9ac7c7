"""Small talk: lines that search for nothing: greetings, thanks, `menu`, `stop`, a bare number."""

from __future__ import annotations

from bot.chat.last_list import LastLists
from bot.chat.phrases import LAST, Intent, PhraseBook, is_wordless, phrase_book
from bot.chat.registry import Registry
from bot.chat.request import Request, Services
from bot.model import Action, Chat, Person
from bot.reply import Button, Reply
from bot.search.held_phrases import is_title

SILENCE = Reply("", silent=True)
_TURNS = {Intent.NEXT: 1, Intent.PREVIOUS: -1}


class SmallTalk:
    """Understands small talk, in English and in the reader's language.

    What greets or thanks is answered only in a chat of one's own: in a group nobody waits for that.
    """

    def __init__(
        self, services: Services, registry: Registry[Request], last_lists: LastLists
    ) -> None:
        self._services = services
        self._registry = registry
        self._last_lists = last_lists

    @property
    def _phrases(self) -> PhraseBook:
        """The phrases of the language that is being spoken."""
        return phrase_book(self._services.translations.one_language)

    async def understand(self, line: str, person: Person, chat: Chat) -> Reply | Action | None:
        """Returns the answer to a line, or what it asks for; None for one to be searched for.

        A line that is the whole title of a story is searched for, whatever else it may mean.

        Raises:
            StoreError: The store cannot be read.
        """
        if is_wordless(line):
            return self._answer_wordless(line, person)
        number = await self._number(line, person, chat)
        if number is not None:
            return self._registry.read(str(number))
        explained = self._registry.find(self._phrases.command_to_explain(line))
        if explained:
            return self._registry.help(explained.name)
        intent = self._phrases.intent(line)
        if intent is None or await is_title(self._services.store.search, line):
            return None
        if intent in _TURNS:
            return await self._turn(_TURNS[intent], person, chat)
        return await self._answer(intent, person, chat)

    def _answer_wordless(self, line: str, person: Person) -> Reply | Action:
        """Answers a line of question marks; any other without words wants no answer."""
        asks = set(line.strip()) <= set("?？") and person.host
        return self._registry.start() if line.strip() and asks else SILENCE

    async def _number(self, line: str, person: Person, chat: Chat) -> int | None:
        """Returns the number of the story to read; a bare number must be of a list shown here."""
        asked = self._phrases.number_to_read(line)
        number = self._phrases.bare_number(line) if asked is None else asked
        if number is None or (asked is not None and asked != LAST):
            return asked
        shown = await self._last_lists.get(chat, person)
        if number == LAST:
            return max(shown.numbers) if shown and shown.numbers else None
        return number if shown and number in {**shown.earlier, **shown.numbers} else None

    async def _answer(self, intent: Intent, person: Person, chat: Chat) -> Reply | Action:
        match intent:
            case Intent.NEWS:
                return self._registry.latest()
            case Intent.MENU:
                return self._registry.start()
            case Intent.HELP:
                return self._registry.help()
            case Intent.STOP:
                return await self._offer_to_stop(chat)
            case Intent.OPINION:
                return SILENCE
        return self._greet(intent) if person.host else SILENCE

    async def _turn(self, pages: int, person: Person, chat: Chat) -> Action | None:
        """Returns what turns the pages of the list that was last shown; None without one."""
        shown = await self._last_lists.get(chat, person)
        if shown is None:
            return None
        listing = shown.listing
        page = max(1, shown.page + pages)
        return Action(listing.command, (*listing.options, ("page", str(page))))

    def _greet(self, intent: Intent) -> Reply:
        _ = self._services.translations.gettext
        said = {
            Intent.THANKS: _("You're welcome!"),
            Intent.GOODBYE: _("Goodbye! Come back any time."),
            Intent.CHATTER: _("What would you like to read about?"),
        }
        buttons = (
            Button(_("Latest stories"), self._registry.latest()),
            Button(_("Topics"), self._registry.topics()),
        )
        hello = _("Hello! What would you like to read about?")
        return Reply("", text=(said.get(intent, hello),), buttons=buttons)

    async def _offer_to_stop(self, chat: Chat) -> Reply:
        """Offers to end what is followed in a chat; where that is nothing, says so."""
        _ = self._services.translations.gettext
        if not await self._services.store.subscriptions.of(chat):
            told = _("Nothing is posted here on its own. I only answer when you write to me.")
            return Reply("", text=(told,))
        told = _("Should I stop posting here? Choose what this chat no longer follows.")
        label = _("Choose what to stop")
        return Reply("", text=(told,), buttons=(Button(label, self._registry.unfollow()),))
