"""Editing of found topics by moderators: hidden, renamed, merged, and all of it undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.command import Question
from bot.chat.prompts import ask
from bot.chat.request import Request, page_buttons, page_count
from bot.commands.topic_names import find_topics
from bot.errors import NotAllowedError, ReaderError
from bot.i18n import N_
from bot.ingest.topics.model import EditKind, TopicEdit
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.model import Topic, TopicOrigin
from bot.reply import Action, Button, Entry, Reply
from bot.text.display import add_quotes
from bot.text.name_keys import name_key

NEW_NAME = Question(
    "rename", N_("What is the topic to be called?"), N_("a new name"), (("edit", "rename"),)
)

EDITS = ("edit", "hide", "rename", "merge")
"""The options of `/topic` that edit."""

_NO = frozenset({"no", "off", "false"})
_LONGEST = 60  # characters of a topic's name
_A_PAGE = 20
_ON = ("edit", "on")


def edit_button(request: Request, topic: Topic) -> tuple[Button, ...]:
    """Makes the button that opens the menu, for moderators, of a topic that was found."""
    if not (_may_edit(request) and topic.origin is not TopicOrigin.DESK):
        return ()
    return (Button(request.gettext("Edit topic"), _act(request, topic.name, _ON)),)


async def edit_topic(request: Request) -> Reply:
    """Answers `/topic` with an option that edits.

    Raises:
        NotAllowedError: The person is no moderator.
        ReaderError: The topic cannot be edited so.
        StoreError: The store cannot be read or written.
    """
    upkeep = _require_rights(request)
    await upkeep.refresh()
    name = request.text("name")
    if request.text("hide").casefold() in _NO:
        return await _restore(request, upkeep, name)
    topic = _require_found(request, name)
    if request.text("rename"):
        return await _rename(request, upkeep, topic, request.text("rename"))
    if request.text("merge"):
        return await _merge(request, upkeep, topic, request.text("merge"))
    if request.text("hide"):
        return await _hide(request, upkeep, topic)
    match request.text("edit"):
        case "rename":
            return ask(request, NEW_NAME)
        case "merge":
            return _ask_target(request, topic)
    return _menu(request, topic)


def _may_edit(request: Request) -> bool:
    return request.person.moderator and request.services.topic_upkeep is not None


def _require_rights(request: Request) -> TopicUpkeep:
    _ = request.gettext
    if not request.person.moderator:
        raise NotAllowedError(_("Only moderators can change topics."))
    upkeep = request.services.topic_upkeep
    if upkeep is None:
        raise ReaderError(_("All topics here are in the configuration, which the operator keeps."))
    return upkeep


def _require_found(request: Request, name: str) -> Topic:
    _ = request.gettext
    topic = request.services.topic(name)
    if topic is None:
        raise ReaderError(_no_topic(request, name))
    if topic.origin is TopicOrigin.DESK:
        message = _("{topic} is in the configuration: only the operator can change it.")
        raise ReaderError(message.format(topic=add_quotes(topic.name)))
    return topic


def _no_topic(request: Request, name: str) -> str:
    return request.gettext("There is no topic {name}.").format(name=add_quotes(name))


def _menu(request: Request, topic: Topic) -> Reply:
    _ = request.gettext
    actions = (
        (_("Hide it"), ("hide", "yes")),
        (_("Rename it"), ("edit", "rename")),
        (_("Merge it with another"), ("edit", "merge")),
    )
    told = _("It was found in the stories. What you decide holds for everybody, and stays.")
    buttons = [Button(label, _act(request, topic.name, option)) for label, option in actions]
    back = Button(_("Back to the topic"), request.registry.topic(topic.name))
    return Reply(request.command.name, title=topic.name, text=(told,), buttons=(*buttons, back))


def _ask_target(request: Request, topic: Topic) -> Reply:
    """Asks with which topic one is to be merged; the likeliest are at hand, others can be typed."""
    _ = request.gettext
    own = set(name_key(topic.name).split(" "))
    others = [one for one in request.services.topics if one.key != topic.key]
    near = sorted(others, key=lambda one: own.isdisjoint(name_key(one.name).split(" ")))
    pages = page_count(len(near), _A_PAGE)
    start = (request.page - 1) * _A_PAGE
    entries = tuple(
        Entry(one.name, action=_act(request, topic.name, ("merge", one.name)), topic=one.name)
        for one in near[start : start + _A_PAGE]
    )
    title = _("Which topic does {topic} belong to?").format(topic=add_quotes(topic.name))
    return Reply(
        request.command.name,
        title=title,
        entries=entries,
        page=request.page,
        pages=pages,
        buttons=page_buttons(request, pages),
    )


async def _hide(request: Request, upkeep: TopicUpkeep, topic: Topic) -> Reply:
    await upkeep.edit(lambda store: store.hide(topic))
    told = request.gettext("{topic} is hidden. It stays so, also for who follows it.")
    return _done(request, told.format(topic=add_quotes(topic.name)), topic.name, ("hide", "no"))


async def _rename(request: Request, upkeep: TopicUpkeep, topic: Topic, typed: str) -> Reply:
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
    told = _("{topic} is called {name} now.")
    told = told.format(topic=add_quotes(topic.name), name=add_quotes(name))
    return _done(request, told, name, ("hide", "no"))


async def _merge(request: Request, upkeep: TopicUpkeep, topic: Topic, typed: str) -> Reply:
    _ = request.gettext
    into = (await find_topics(request, typed)).only
    if into is None:
        raise ReaderError(_no_topic(request, typed))
    if into.key == topic.key:
        raise ReaderError(_("That is the same topic."))
    now, target = request.services.clock.now(), into
    if not into.keys:
        target = replace(into, keys=(name_key(into.name),))
    await upkeep.edit(lambda store: store.merge(topic, target, now))
    told = _("{topic} is a part of {into} now.")
    told = told.format(topic=add_quotes(topic.name), into=add_quotes(into.name))
    return _done(request, told, topic.name, ("hide", "no"), shown=into.name)


async def _restore(request: Request, upkeep: TopicUpkeep, name: str) -> Reply:
    _ = request.gettext
    decided = {edit.key for edit in await request.services.store.topics.edits()}
    topic = request.services.topic(name)
    keys = [key for key in (name_key(name), *(topic.keys if topic else ())) if key in decided]
    if not keys:
        message = _("Nothing was decided of {name}.").format(name=add_quotes(name))
        raise ReaderError(message)
    now = request.services.clock.now()
    await upkeep.edit(lambda store: store.restore(keys[0], now))
    told = _("{name} is as it was found.").format(name=add_quotes(name))
    button = Button(_("Topics"), request.registry.topics())
    return Reply(request.command.name, text=(told,), buttons=(button,))


def _done(request: Request, told: str, name: str, undo: tuple[str, str], shown: str = "") -> Reply:
    _ = request.gettext
    buttons = [Button(_("Undo"), _act(request, name, undo))]
    if request.services.topic(shown or name):
        buttons.append(Button(shown or name, request.registry.topic(shown or name)))
    buttons.append(Button(_("Topics"), request.registry.topics()))
    return Reply(request.command.name, text=(told,), buttons=tuple(buttons))


async def hidden_button(request: Request) -> Sequence[Button]:
    """Makes the button that lists what was hidden and merged, for moderators, if anything was."""
    if not _may_edit(request) or not await request.services.store.topics.edits():
        return ()
    action = Action(request.command.name, (("hidden", "yes"),))
    return (Button(request.gettext("Hidden and merged"), action),)


async def list_hidden(request: Request) -> Reply:
    """Lists what moderators have hidden, renamed and merged, each to be restored.

    Raises:
        NotAllowedError: The person is no moderator.
        StoreError: The store cannot be read.
    """
    _require_rights(request)
    decided = await request.services.store.topics.edits()
    edits = list({edit.topic: edit for edit in reversed(decided)}.values())
    pages = page_count(len(edits), _A_PAGE)
    start = (request.page - 1) * _A_PAGE
    entries = tuple(_edit_entry(request, edit) for edit in edits[start : start + _A_PAGE])
    _ = request.gettext
    text = _("Choose one to have it as it was found.") if edits else _("Nothing is hidden.")
    return Reply(
        request.command.name,
        title=_("Hidden and merged topics"),
        text=(text,),
        entries=entries,
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), Button(_("Topics"), request.registry.topics())),
    )


def _edit_entry(request: Request, edit: TopicEdit) -> Entry:
    _ = request.gettext
    told = {
        EditKind.HIDE: _("hidden"),
        EditKind.RENAME: _("is called {name}"),
        EditKind.MERGE: _("belongs to {name}"),
    }[edit.kind].format(name=edit.value)
    return Entry(edit.topic, told, _act(request, edit.topic, ("hide", "no")))


def _act(request: Request, name: str, option: tuple[str, str]) -> Action:
    shown = request.registry.topic(name)
    return Action(shown.command, (*shown.options, option))
