"""`/template`: what a subscription's posts show, with a preview that is what will be posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.chat.auditing import record_change
from bot.chat.command import Access, Command, Group, Option, OptionKind, Question
from bot.chat.prompts import ask
from bot.chat.request import Request
from bot.commands.subscriptions.actions import TEMPLATE_NAME
from bot.commands.subscriptions.options import is_on
from bot.commands.subscriptions.place import CHANNEL, check_place, keep_place, list_button
from bot.commands.subscriptions.template_options import (
    FIELD_NAMES,
    read_template,
    template_action,
    template_texts,
)
from bot.commands.subscriptions.template_preview import preview_post
from bot.commands.subscriptions.unsubscribe import (
    NumberedSubscription,
    find_by_ids,
    find_matches,
    no_subscriptions,
    numbered_subscriptions,
)
from bot.commands.subscriptions.wording import is_digest, subscription_name, typed_target
from bot.errors import ReaderError
from bot.i18n import N_
from bot.posting.templates.presets import PRESETS, preset_of
from bot.reply import Action, Button, Entry, Reply
from bot.subscriptions.model import Subscription
from bot.subscriptions.post_template import PostTemplate
from bot.text.display import add_quotes

_ON = "on"

WHICH_TEXT = Question(
    "text",
    N_("What is the template for {which}?"),
    N_("**{title}**, {summary:200}"),
    is_long=True,
)


async def template(request: Request) -> Reply:
    """Answers `/template`."""
    check_place(request)
    return keep_place(request, await _answer(request))


async def _answer(request: Request) -> Reply:
    here = await numbered_subscriptions(request)
    if not here:
        return no_subscriptions(request)
    meant = _meant(request, here)
    if len(meant) != 1:
        return _choice(request, meant or here)
    one = meant[0]
    if is_on(request, "write") and not request.text("text"):
        return _ask_text(request, one)
    draft = replace(one, template=read_template(request, one.template))
    if is_on(request, "save"):
        return await _save(request, draft)
    return await _show(request, one, draft)


def _ask_text(request: Request, one: Subscription) -> Reply:
    """Asks for a template; the question names the subscription, to be found again by it."""
    given = {"which": typed_target(request.services, one.kind, one.what)}
    if channel := request.text(CHANNEL.name):
        given[CHANNEL.name] = channel
    return ask(replace(request, options=given), WHICH_TEXT)


def _meant(request: Request, here: Sequence[NumberedSubscription]) -> Sequence[Subscription]:
    """Returns the subscriptions that may be meant; none where nobody can tell."""
    if request.text("subscription"):
        return find_by_ids(request, here, request.text("subscription"))
    which = request.text("which")
    if which:
        return [each.one for each in find_matches(request, here, which)]
    return [each.one for each in here] if len(here) == 1 else ()


def _choice(
    request: Request, some: Sequence[Subscription] | Sequence[NumberedSubscription]
) -> Reply:
    """Asks which subscription it is about, with the options that are given already."""
    _ = request.gettext
    told = _("Whose posts do you want to change?")
    if request.text("which") and some and isinstance(some[0], NumberedSubscription):
        which = add_quotes(request.text("which"))
        told = _("No subscription in this chat is called anything like {words}.")
        told = told.format(words=which)
    kept = tuple(
        (name, value)
        for name, value in request.options.items()
        if name not in {"which", "subscription", CHANNEL.name}
    )
    ones = (one.one if isinstance(one, NumberedSubscription) else one for one in some)
    entries = tuple(
        Entry(
            subscription_name(request, one),
            " · ".join(template_texts(request, one.template)) or _("as usual"),
            Action(TEMPLATE_NAME, (("subscription", str(one.id)), *kept)),
        )
        for one in ones
    )
    return Reply(TEMPLATE_NAME, text=(told,), entries=entries)


async def _show(request: Request, one: Subscription, draft: Subscription) -> Reply:
    is_fields = is_on(request, "parts")
    reply = await preview_post(request, draft)
    _ = request.gettext  # from here on in the language of the posts
    title = _("Posts of {what}").format(what=subscription_name(request, one))
    buttons = _part_buttons(request, draft) if is_fields else _buttons(request, draft)
    save = (_save_button(request, draft),) if draft.template != one.template else ()
    return replace(
        reply,
        command=TEMPLATE_NAME,
        title=title,
        text=tuple(_texts(request, one, draft)),
        buttons=(*reply.buttons, *save, *buttons),
    )


def _texts(request: Request, one: Subscription, draft: Subscription) -> Iterator[str]:
    _ = request.gettext
    if draft.template != one.template:
        yield _("This is how new posts would look. Nothing changes until you press Save.")
    else:
        yield _("This is how new posts look.")
    if is_digest(one):
        yield _("It comes as a digest, which keeps its own form; this is for single posts.")
    if not one.picture:
        yield _("This subscription shows no pictures.")


def _save_button(request: Request, draft: Subscription) -> Button:
    action = template_action(TEMPLATE_NAME, draft.id, draft.template)
    return Button(request.gettext("Save"), Action(action.command, (*action.options, ("save", _ON))))


def _buttons(request: Request, draft: Subscription) -> Iterator[Button]:
    """Yields the presets, and ways to go on."""
    _ = request.gettext
    now = preset_of(draft.template)
    for name, preset in PRESETS.items():
        if name != now:
            yield Button(_(preset.label), _draft(draft, preset.template))
    yield Button(_("Choose the parts"), _draft(draft, draft.template, "parts"))
    write = Action(TEMPLATE_NAME, (("subscription", str(draft.id)), ("write", _ON)))
    yield Button(_("Write it yourself"), write)


def _part_buttons(request: Request, draft: Subscription) -> Iterator[Button]:
    """Yields a button for each part, to show it or to leave it out."""
    _ = request.gettext
    template = draft.template
    for part, name in FIELD_NAMES.items():
        is_hidden = part in template.hidden
        label = _("With {part}") if is_hidden else _("Without {part}")
        other = replace(template, hidden=template.hidden ^ {part})
        yield Button(label.format(part=_(name)), _draft(draft, other, "parts"))
    label = _("Without hashtags") if template.hashtags else _("With hashtags")
    tagged = replace(template, hashtags=not template.hashtags)
    yield Button(label, _draft(draft, tagged, "parts"))
    yield Button(_("All forms"), _draft(draft, template))


def _draft(draft: Subscription, template: PostTemplate, view: str = "") -> Action:
    action = template_action(TEMPLATE_NAME, draft.id, template)
    return Action(action.command, (*action.options, (view, _ON))) if view else action


async def _save(request: Request, draft: Subscription) -> Reply:
    _ = request.gettext
    if not await request.services.store.subscriptions.set_template(draft.id, draft.template):
        raise ReaderError(_("This chat no longer follows that."))
    name = subscription_name(request, draft)
    await record_change(request, N_("Changed how posts of {target} look"), name)
    told = _("Saved: new posts of {what} look like this.").format(what=name)
    how = request.words.join(template_texts(request, draft.template))
    see = Button(_("See it"), Action(TEMPLATE_NAME, (("subscription", str(draft.id)),)))
    text = (told, request.words.end_sentence(how[:1].upper() + how[1:])) if how else (told,)
    return Reply(TEMPLATE_NAME, text=text, buttons=(see, list_button(request)), is_done=True)


TEMPLATE = Command(
    TEMPLATE_NAME,
    N_("Choose what posts show, and see them as they will be"),
    template,
    (
        Option(
            "which",
            OptionKind.FOLLOWED,
            N_("What the subscription follows, or its number in /subscriptions"),
            rest=True,
        ),
        Option(
            "preset",
            OptionKind.PRESET,
            N_("A form to begin with: card, simple, rich, compact, gallery, headline, article"),
        ),
        Option("text", OptionKind.TEMPLATE, N_("A template of your own, or none")),
        Option("show", OptionKind.FIELDS, N_("Parts to show again, with commas, or all")),
        Option(
            "hide",
            OptionKind.FIELDS,
            N_("Parts to leave out: summary, source, time, byline, topics, link, read"),
        ),
        Option("prefix", OptionKind.TEXT, N_("Some words before each headline, or none")),
        Option("hashtags", OptionKind.SWITCH, N_("The topics as hashtags: yes or no")),
        Option("picture", OptionKind.PICTURE, N_("Pictures: large, small, gallery or none")),
        Option("box", OptionKind.SWITCH, N_("A box around posts (Discord only): yes or no")),
        Option("story", OptionKind.STORY, N_("The story to show it with, given as for /read")),
        CHANNEL,
        Option("subscription", OptionKind.NUMBER, N_("The subscription's ID"), hidden=True),
        Option("save", OptionKind.SWITCH, N_("Save it without looking at it"), hidden=True),
        Option("parts", OptionKind.SWITCH, N_("Offer the parts to choose"), hidden=True),
        Option("write", OptionKind.SWITCH, N_("Ask for a template of your own"), hidden=True),
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "Shows a post as it will be, and saves nothing until you press Save. Digests keep "
            "their own form."
        ),
        N_(
            "A template of your own is words with {title}, {summary}, {text}, {source}, {also}, "
            "{place}, {time}, {byline}, {topics}, {hashtags}, {link} or {prefix} in them; "
            "{summary:200} shows at most 200 characters, {source|place|time} those that a story "
            "has, and {line} begins a new line."
        ),
        N_(
            "{?byline}…{/} stands only where there is a byline, {!byline}…{/} where there is "
            "none. **Bold**, *italic* and [words]({link}) work; a line beginning with # is a "
            "heading, with -# small print, and --- draws a line."
        ),
    ),
    examples=(
        "/template {topic} preset:compact",
        "/template {topic} hide:topics,byline hashtags:yes",
        "/template {topic} prefix:News picture:small",
    ),
    discreet=True,
    aliases=("templates", "format"),
    group=Group.FOLLOWING,
    questions=(WHICH_TEXT,),
)
