"""The commands, a module each; `REGISTRY` has them in the order in which people see them."""

from __future__ import annotations

from bot.chat.registry import Registry
from bot.commands.audit import AUDIT
from bot.commands.catchup import CATCHUP
from bot.commands.chats import CHATS
from bot.commands.completion import complete
from bot.commands.desk import DESK
from bot.commands.help import HELP
from bot.commands.latest import LATEST
from bot.commands.posts import POSTS
from bot.commands.privacy import FORGET, PRIVACY
from bot.commands.read import READ
from bot.commands.related import RELATED
from bot.commands.reload import RELOAD
from bot.commands.search import SEARCH
from bot.commands.settings import SETTINGS_COMMAND
from bot.commands.source.command import SOURCE
from bot.commands.sources import SOURCES
from bot.commands.start import START
from bot.commands.status import STATUS
from bot.commands.story_timeline import STORY
from bot.commands.subscriptions.list import SUBSCRIPTIONS
from bot.commands.subscriptions.subscribe import SUBSCRIBE
from bot.commands.subscriptions.template import TEMPLATE
from bot.commands.subscriptions.unsubscribe import UNSUBSCRIBE
from bot.commands.topic import TOPIC
from bot.commands.topic_list import TOPICS
from bot.commands.trends import TRENDS
from bot.commands.why import WHY

REGISTRY = Registry(
    (
        LATEST,
        SEARCH,
        CATCHUP,
        TOPIC,
        TOPICS,
        READ,
        RELATED,
        STORY,
        TRENDS,
        SOURCES,
        SUBSCRIPTIONS,
        HELP,
        PRIVACY,
        FORGET,
        SUBSCRIBE,
        UNSUBSCRIBE,
        TEMPLATE,
        POSTS,
        WHY,
        SETTINGS_COMMAND,
        CHATS,
        DESK,
        AUDIT,
        SOURCE,
        RELOAD,
        STATUS,
        START,
    ),
    complete,
)
