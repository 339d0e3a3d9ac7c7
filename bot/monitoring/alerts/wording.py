"""The words of alerts, a line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from babel.dates import format_timedelta

from bot.i18n import N_, Translations
from bot.monitoring.alerts.model import AlertKind, Condition
from bot.monitoring.sizes import format_size
from bot.secrets import SECRETS

_TROUBLE = {
    AlertKind.SOURCE: N_("{what} can no longer be read: {reason}"),
    AlertKind.POSTS: N_("Posts on {what} fail: {reason}"),
    AlertKind.DISK: N_("The disk is nearly full: {size} free where the store is."),
    AlertKind.CLOCK: N_("The computer's clock is off by {time}. Let it be set by a time server."),
}
_OVER = {
    AlertKind.SOURCE: N_("{what} can be read again."),
    AlertKind.POSTS: N_("Posts on {what} go out again."),
    AlertKind.DISK: N_("The disk has room again: {size} free."),
    AlertKind.CLOCK: N_("The computer's clock is right again."),
}


def alert_text(
    told: Sequence[Condition], words: Translations, source_names: Mapping[str, str]
) -> str:
    """Words what has begun and what is over, without any secret; a line each.

    Args:
        told: What is to be told.
        words: The language.
        source_names: The names of the sources, by their ids.
    """
    return SECRETS.hide("\n".join(_line(one, words, source_names) for one in told))


def _line(one: Condition, words: Translations, source_names: Mapping[str, str]) -> str:
    _: Callable[[str], str] = words.gettext
    is_source = one.kind is AlertKind.SOURCE
    what = source_names.get(one.what, one.what) if is_source else one.what.capitalize()
    return _((_TROUBLE if one.is_trouble else _OVER)[one.kind]).format(
        what=what,
        reason=_(one.reason) if one.reason else _("no reason given"),
        size=format_size(one.amount, words.language),
        time=format_timedelta(timedelta(seconds=abs(one.amount)), locale=words.language),
    )
