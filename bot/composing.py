"""What a post says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.digests import Names, digest
from bot.messages import Message
from bot.model import Story
from bot.posts import Post, PostKind
from bot.reply import Action, Button, Card, Reply, Role


@dataclass(frozen=True, slots=True)
class Composer:
    """Turns posts into messages.

    Attributes:
        names: What things are called.
    """

    names: Names

    def message(self, post: Post, stories: Mapping[str, Story]) -> Message | None:
        """What is to be sent for a post; None when nothing is left of it.

        Args:
            post: The post.
            stories: The stories in it that there still are, by id.
        """
        known = [stories[one] for one in post.stories if one in stories]
        if not known and post.kind is not PostKind.NOTICE:
            return None
        chosen = post.subscription
        return Message(
            post.chat,
            self._reply(post, known),
            post.key,
            silent=bool(chosen and chosen.silent),
            picture=chosen is None or chosen.picture,
            role=chosen.role if chosen and post.kind is not PostKind.NOTICE else "",
            since=post.since,
        )

    def _reply(self, post: Post, stories: Sequence[Story]) -> Reply:
        if post.kind is PostKind.NOTICE:
            return Reply("notice", text=(post.text,))
        if post.kind is PostKind.DIGEST and len(stories) > 1:
            return digest(stories, self.names)
        story = stories[0]
        card = Card(story, self.names.source(story.source))
        return Reply("post", cards=(card,), buttons=self._buttons(story))

    def _buttons(self, story: Story) -> tuple[Button, ...]:
        """A way to read the story in the chat, where there is more to read than the card shows."""
        if not story.paragraphs:
            return ()
        label = self.names.words.gettext("Read")
        return (Button(label, Action("read", (("story", story.id),)), Role.READ, None),)
