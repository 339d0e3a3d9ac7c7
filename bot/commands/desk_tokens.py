"""`/desk tokens`, `/desk token` and `/desk revoke`: what lets programs ask the desk's API."""

from __future__ import annotations

from bot.chat.command import Question
from bot.chat.local_time import tell_ago
from bot.chat.prompts import ask
from bot.chat.request import Request
from bot.commands.desk_actions import ACTION, NAME, DeskVerb, desk_action
from bot.errors import ReaderError
from bot.i18n import N_
from bot.logins.api_tokens import LONGEST_LABEL, ApiTokens
from bot.logins.ports import TOKENS_OF_PERSON, ApiToken, Visitor
from bot.reply import Button, Entry, Reply
from bot.text.display import add_quotes, shorten

WHAT_FOR = Question(
    NAME,
    N_("What is the new token for?"),
    N_("such as weekly report"),
    ((ACTION, DeskVerb.TOKEN.value),),
)


async def list_tokens(request: Request, tokens: ApiTokens, visitor: Visitor) -> Reply:
    """Answers `/desk tokens`: the person's own, none of which is ever shown again."""
    _ = request.gettext
    known = await tokens.of(visitor)
    told = _("A token lets a program read the desk as you, through the site's API.")
    return Reply(
        request.command.name,
        title=_("Your tokens"),
        text=(told,) if known else (told, _("You have none.")),
        entries=tuple(_entry(request, one) for one in known),
        buttons=(
            Button(_("New token"), desk_action(DeskVerb.TOKEN)),
            *(_revocation(request, one) for one in known),
        ),
    )


def _entry(request: Request, token: ApiToken) -> Entry:
    session = token.session
    made = request.gettext("made {ago}").format(ago=tell_ago(request, session.began))
    if session.used == session.began:
        return Entry(token.label, request.words.join((made, request.gettext("never used"))))
    used = request.gettext("last used {ago}").format(ago=tell_ago(request, session.used))
    return Entry(token.label, request.words.join((made, used)))


def _revocation(request: Request, token: ApiToken) -> Button:
    label = request.gettext("Revoke {name}").format(name=token.label)
    return Button(label, desk_action(DeskVerb.REVOKE, token.label))


async def make_token(request: Request, tokens: ApiTokens, visitor: Visitor) -> Reply:
    """Answers `/desk token`: the one time that a token is shown.

    Raises:
        ReaderError: There are as many as there may be.
    """
    _ = request.gettext
    label = shorten(" ".join(request.text(NAME).split()), LONGEST_LABEL)
    if not label:
        return ask(request, WHAT_FOR)
    token = await tokens.make(visitor, label)
    if not token:
        told = _("That is one too many: a person can have {count}. Revoke one first.")
        raise ReaderError(told.format(count=TOKENS_OF_PERSON))
    return Reply(
        request.command.name,
        title=_("Token for {name}").format(name=label),
        text=(
            token,
            _("This is the only time you see it. Keep it like a password, then delete this."),
            _("It ends once it has not been used for 90 days, or when you moderate nothing here."),
        ),
        buttons=(Button(_("Your tokens"), desk_action(DeskVerb.TOKENS)),),
    )


async def revoke_token(request: Request, tokens: ApiTokens, visitor: Visitor) -> Reply:
    """Answers `/desk revoke`.

    Raises:
        ReaderError: The person has no such token.
    """
    _ = request.gettext
    name = " ".join(request.text(NAME).split())
    if not name:
        return await list_tokens(request, tokens, visitor)
    revoked = await tokens.revoke(visitor, name)
    if revoked is None:
        told = _("You have no token {name}.").format(name=add_quotes(name))
        raise ReaderError(told)
    told = _("{name} is revoked: it opens nothing any more.")
    return Reply(
        request.command.name,
        text=(told.format(name=add_quotes(revoked.label)),),
        buttons=(Button(_("Your tokens"), desk_action(DeskVerb.TOKENS)),),
    )
