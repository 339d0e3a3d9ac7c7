"""The makers of what stories gain as they come in: summaries, topics and broad subjects."""

from __future__ import annotations

from collections.abc import Sequence

from bot.config.schema import Config
from bot.i18n import Translations
from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.subjects.names import with_subjects
from bot.ingest.summaries.summariser import Summariser
from bot.model import Topic


def make_summariser(config: Config) -> Summariser:
    """Returns what makes the summaries that the configuration asks for."""
    return Summariser(config.bot.summary_length)


def make_topics(config: Config, translations: Translations) -> tuple[Topic, ...]:
    """Returns the topics that the configuration names, with the broad subjects if it wants them."""
    topics = config.topics_model()
    return with_subjects(topics, translations.gettext) if config.bot.subjects else topics


def make_assigner(config: Config, topics: Sequence[Topic]) -> SubjectAssigner | None:
    """Returns what finds the broad subjects of stories; None where the configuration has none."""
    return SubjectAssigner(topics) if config.bot.subjects else None
