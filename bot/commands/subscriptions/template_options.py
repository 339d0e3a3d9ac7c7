"""Options of /template: parsed, written, and told in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.chat.request import Request
from bot.commands.subscriptions.wording import list_choices
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Action
from bot.post_layout import PicturePlace
from bot.posting.templates.language import TemplateError, parse_template
from bot.posting.templates.presets import PRESETS, preset_of
from bot.subscriptions.post_template import MAX_PREFIX, STANDARD, PostField, PostTemplate
from bot.text.display import add_quotes, shorten
from bot.text.similar_names import similar_names

_NONE = frozenset({"none", "off", "no"})
_ALL = frozenset({"all", "everything"})
_SWITCHES = {
    **dict.fromkeys(("yes", "on", "y", "true", "1"), True),
    **dict.fromkeys(("no", "off", "n", "false", "0", "none"), False),
}
_LISTED = re.compile(r"\s*[,;、；\s]\s*")

FIELD_NAMES: Mapping[PostField, str] = {
    PostField.SUMMARY: N_("the summary"),
    PostField.SOURCE: N_("the source"),
    PostField.TIME: N_("the time"),
    PostField.BYLINE: N_("the byline"),
    PostField.TOPICS: N_("the topics"),
    PostField.LINK: N_("the link button"),
    PostField.READ: N_("the Read button"),
}
"""The parts of a post in words."""


def read_template(request: Request, now: PostTemplate) -> PostTemplate:
    """Returns a template with the changes that the options of a request make.

    Args:
        request: The question.
        now: The template before.

    Raises:
        ReaderError: One cannot be read.
    """
    for option, read in _READERS.items():
        if request.text(option):
            now = read(request, request.text(option), now)
    return now


def template_options(template: PostTemplate) -> tuple[tuple[str, str], ...]:
    """Returns the options that make a template of any other."""
    if preset := preset_of(template):
        return (("preset", preset),)
    values = {
        "text": template.text or "none",
        "show": "all",
        "hide": ",".join(sorted(template.hidden)),
        "prefix": template.prefix or "none",
        "hashtags": "yes" if template.hashtags else "no",
        "picture": template.picture,
        "box": "yes" if template.is_boxed else "no",
    }
    return tuple((name, value) for name, value in values.items() if value)


def template_action(command: str, subscription: int, template: PostTemplate) -> Action:
    """Returns what asks to see a subscription's posts by a template that is not saved yet."""
    return Action(command, (("subscription", str(subscription)), *template_options(template)))


def template_texts(request: Request, template: PostTemplate) -> Iterator[str]:
    """Yields a template in words; nothing of the standard one."""
    _ = request.gettext
    preset = preset_of(template)
    if template == STANDARD:
        return
    if preset:
        yield _("posts as {preset}").format(preset=add_quotes(_(PRESETS[preset].label)))
        return
    if template.text:
        yield _("posts with a template of their own")
    if template.hidden:
        names = [_(name) for field, name in FIELD_NAMES.items() if field in template.hidden]
        yield _("posts without {parts}").format(parts=list_choices(request, names))
    if template.prefix:
        yield _("posts that begin with {prefix}").format(prefix=add_quotes(template.prefix))
    if template.hashtags:
        yield _("posts with hashtags")
    if template.picture is not PicturePlace.LARGE:
        yield _(_PICTURES[template.picture])


_PICTURES = {
    PicturePlace.SMALL: N_("posts with small pictures"),
    PicturePlace.GALLERY: N_("posts with pictures below the text"),
    PicturePlace.NONE: N_("posts without pictures"),
}


def _preset(request: Request, text: str, now: PostTemplate) -> PostTemplate:
    del now
    key = text.casefold()
    named = {request.gettext(one.label).casefold(): name for name, one in PRESETS.items()}
    name = key if key in PRESETS else named.get(key)
    if name is None:
        raise _unknown(request, text, list(PRESETS))
    return PRESETS[name].template


def _text(request: Request, text: str, now: PostTemplate) -> PostTemplate:
    if text.casefold() in _NONE:
        return replace(now, text="")
    try:
        parse_template(text)
    except TemplateError as error:
        raise ReaderError(request.gettext(error.message).format(**error.values)) from error
    return replace(now, text=text)


def _show(request: Request, text: str, now: PostTemplate) -> PostTemplate:
    if text.casefold() in _ALL:
        return replace(now, hidden=frozenset())
    return replace(now, hidden=now.hidden - set(_fields(request, text)))


def _hide(request: Request, text: str, now: PostTemplate) -> PostTemplate:
    return replace(now, hidden=now.hidden | set(_fields(request, text)))


def _fields(request: Request, text: str) -> Iterator[PostField]:
    names = {one.value: one for one in PostField}
    for typed in filter(None, _LISTED.split(text.casefold())):
        if typed not in names:
            raise _unknown(request, typed, list(names))
        yield names[typed]


def _unknown(request: Request, typed: str, names: list[str]) -> ReaderError:
    _ = request.gettext
    near = similar_names(typed, names)
    if near:
        told = _("There is nothing called {name}. Did you mean {near}?")
        return ReaderError(told.format(name=add_quotes(typed), near=list_choices(request, near)))
    told = _("There is nothing called {name}. There are {names}.")
    return ReaderError(told.format(name=add_quotes(typed), names=request.words.join(names)))


def _prefix(request: Request, text: str, now: PostTemplate) -> PostTemplate:
    if text.casefold() in _NONE:
        return replace(now, prefix="")
    if len(text) > MAX_PREFIX:
        told = request.gettext("A prefix has at most {most} characters.")
        raise ReaderError(told.format(most=MAX_PREFIX))
    return replace(now, prefix=shorten(text))


def _hashtags(request: Request, text: str, now: PostTemplate) -> PostTemplate:
    return replace(now, hashtags=_switch(request, "hashtags", text))


def _box(request: Request, text: str, now: PostTemplate) -> PostTemplate:
    return replace(now, is_boxed=_switch(request, "box", text))


def _switch(request: Request, option: str, text: str) -> bool:
    value = _SWITCHES.get(text.casefold())
    if value is None:
        raise _wrong_choice(request, option, ["yes", "no"])
    return value


def _picture(request: Request, text: str, now: PostTemplate) -> PostTemplate:
    places = {one.value: one for one in PicturePlace}
    if text.casefold() not in places:
        raise _wrong_choice(request, "picture", list(places))
    return replace(now, picture=places[text.casefold()])


def _wrong_choice(request: Request, option: str, choices: list[str]) -> ReaderError:
    told = request.gettext("{setting} can be {choices}.")
    return ReaderError(told.format(setting=option, choices=list_choices(request, choices)))


_READERS: Mapping[str, Callable[[Request, str, PostTemplate], PostTemplate]] = {
    "preset": _preset,
    "text": _text,
    "show": _show,
    "hide": _hide,
    "prefix": _prefix,
    "hashtags": _hashtags,
    "picture": _picture,
    "box": _box,
}
"""Readers of the options, in the order in which they count."""
