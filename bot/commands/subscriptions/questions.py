"""Questions back: what looks like a time and is none, or a name that nothing has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.chat.request import Request
from bot.commands.subscriptions.actions import SUBSCRIBE_NAME
from bot.commands.subscriptions.line_reading import UnclearTime, words_button
from bot.commands.subscriptions.options import typed_options
from bot.commands.subscriptions.schedule_wording import timetable_label
from bot.commands.subscriptions.target import Target
from bot.reply import Action, Button, Reply
from bot.subscriptions.near_times import suggest_timetables
from bot.subscriptions.timetable_lexicon import timetable_lexicon
from bot.text.display import add_quotes


def ask_time(request: Request, unclear: UnclearTime) -> Reply:
    """Asks which time is meant, with buttons for what may be."""
    _ = request.gettext
    told = _("I don't understand the time {text}.").format(text=add_quotes(unclear.text))
    english = timetable_lexicon(request.services.translations).english(unclear.text).text
    buttons = [
        Button(timetable_label(request, when), _ask_again(request, unclear.what, str(when)))
        for when in suggest_timetables(english)
    ]
    if unclear.words:
        buttons.append(words_button(request, unclear.words))
    hint = _("Did you mean one of these?")
    return Reply(
        request.command.name,
        text=(request.words.join_sentences(told, hint),),
        buttons=tuple(buttons),
        ok=False,
    )


def _ask_again(request: Request, what: str, when: str) -> Action:
    given = {**typed_options(request), "when": when}
    named = (("what", what),) if what else ()
    return Action(SUBSCRIBE_NAME, (*named, *given.items()))


def ask_name(request: Request, targets: Sequence[Target]) -> Reply:
    """Asks what is meant by a filter that names nothing, with buttons for what may be."""
    (first, *_more) = [one for one in targets if one.is_nothing]
    given = typed_options(request)
    use = request.gettext("Use {what} instead")
    buttons = tuple(
        Button(
            use.format(what=name),
            Action(SUBSCRIBE_NAME, (("what", _instead(targets, first, typed)), *given.items())),
        )
        for name, typed in first.meant
    )
    return Reply(
        request.command.name,
        text=(request.words.join_sentences(*first.notes),),
        buttons=buttons,
        ok=False,
    )


def _instead(targets: Iterable[Target], one: Target, typed: str) -> str:
    return ", ".join(typed if each is one else each.typed for each in targets)
