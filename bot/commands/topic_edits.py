"""Changes of found topics by moderators: hidden, renamed, merged, and all of it undone."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.auditing import record_change
from bot.chat.request import Request
from bot.commands.topic_names import find_topics
from bot.errors import ReaderError
from bot.i18n import N_
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.model import Topic
from bot.reply import Action, Button, Reply
from bot.text.display import add_quotes
from bot.text.name_keys import name_key

_LONGEST = 60  # characters of a topic's name


async def hide_topic(request: Request, upkeep: TopicUpkeep, topic: Topic, _yes: str) -> Reply:
    """Hides a topic.

    Raises:
        StoreError: The store cannot be read or written.
    """
    await upkeep.edit(lambda store: store.hide(topic))
    await record_change(request, N_("Hid the topic {target}"), topic.name, everywhere=True)
    told = request.gettext("{topic} is hidden. It stays so, also for who follows it.")
    return _done(request, told.format(topic=add_quotes(topic.name)), topic.name, ("hide", "no"))


async def rename_topic(request: Request, upkeep: TopicUpkeep, topic: Topic, typed: str) -> Reply:
    """Gives a topic the name that is typed.

    Raises:
        ReaderError: It is no name, or that of another topic.
        StoreError: The store cannot be read or written.
    """
    _ = request.gettext
    name, now = " ".join(typed.split()), request.services.clock.now()
    other = request.services.topic(name)
    if len(name) > _LONGEST or not name_key(name):
        message = _("A topic's name has words, and at most {count} characters.")
        raise ReaderError(message.format(count=_LONGEST))
    if other is not None and other.key != topic.key:
        message = _("There is a topic {name} already. Merge them instead.")
        raise ReaderError(message.format(name=add_quotes(other.name)))
    await upkeep.edit(lambda store: store.rename(topic, name, now))
    renamed = f"{topic.name} → {name}"
    await record_change(request, N_("Renamed a topic: {target}"), renamed, everywhere=True)
    told = _("{topic} is called {name} now.")
    told = told.format(topic=add_quotes(topic.name), name=add_quotes(name))
    return _done(request, told, name, ("hide", "no"))


async def merge_topic(request: Request, upkeep: TopicUpkeep, topic: Topic, typed: str) -> Reply:
    """Merges a topic into the one that is meant by what is typed.

    Raises:
        ReaderError: None is meant, or the topic itself.
        StoreError: The store cannot be read or written.
    """
    _ = request.gettext
    into = (await find_topics(request, typed)).only
    if into is None:
        raise ReaderError(no_topic(request, typed))
    if into.key == topic.key:
        raise ReaderError(_("That is the same topic."))
    now, target = request.services.clock.now(), into
    if not into.keys:
        target = replace(into, keys=(name_key(into.name),))
    await upkeep.edit(lambda store: store.merge(topic, target, now))
    merged = f"{topic.name} → {into.name}"
    await record_change(request, N_("Merged a topic: {target}"), merged, everywhere=True)
    told = _("{topic} is a part of {into} now.")
    told = told.format(topic=add_quotes(topic.name), into=add_quotes(into.name))
    return _done(request, told, topic.name, ("hide", "no"), shown=into.name)


async def restore_topic(request: Request, upkeep: TopicUpkeep, name: str) -> Reply:
    """Forgets what was decided of a topic: it is as it was found.

    Raises:
        ReaderError: Nothing was decided of it.
        StoreError: The store cannot be read or written.
    """
    _ = request.gettext
    decided = {edit.key for edit in await request.services.store.topics.edits()}
    topic = request.services.topic(name)
    keys = [key for key in (name_key(name), *(topic.keys if topic else ())) if key in decided]
    if not keys:
        message = _("Nothing was decided of {name}.").format(name=add_quotes(name))
        raise ReaderError(message)
    now = request.services.clock.now()
    await upkeep.edit(lambda store: store.restore(keys[0], now))
    await record_change(request, N_("Restored the topic {target}"), name, everywhere=True)
    told = _("{name} is as it was found.").format(name=add_quotes(name))
    button = Button(_("Topics"), request.registry.topics())
    return Reply(request.command.name, text=(told,), buttons=(button,))


def _done(request: Request, told: str, name: str, undo: tuple[str, str], shown: str = "") -> Reply:
    _ = request.gettext
    buttons = [Button(_("Undo"), edit_action(request, name, undo))]
    if request.services.topic(shown or name):
        buttons.append(Button(shown or name, request.registry.topic(shown or name)))
    buttons.append(Button(_("Topics"), request.registry.topics()))
    return Reply(request.command.name, text=(told,), buttons=tuple(buttons))


def no_topic(request: Request, name: str) -> str:
    """Says that there is no such topic."""
    return request.gettext("There is no topic {name}.").format(name=add_quotes(name))


def edit_action(request: Request, name: str, option: tuple[str, str]) -> Action:
    """Returns what asks for a change of a topic, or for its menu."""
    shown = request.registry.topic(name)
    return Action(shown.command, (*shown.options, option))
