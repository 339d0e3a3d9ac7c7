"""Every catalogue is whole, fits where its words stand, and follows the rules of its script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from servers.discord.command_rules import is_name
from tools import messages

from bot.chat import phrases
from bot.chat.settings import SETTINGS
from bot.commands import REGISTRY
from bot.commands.subscriptions import filter_phrases
from bot.commands.subscriptions.filter_options import ONE, UNITS
from bot.i18n import COMMAND_NAME, OPTION_NAME, languages, load
from bot.subscriptions.timetable_lexicon import WORDS

CATALOGUES = {code: messages.read(path, code) for code, path in messages.catalogues().items()}
TRANSLATED = pytest.mark.parametrize("language", CATALOGUES)

LISTS = {one for one in vars(phrases).values() if isinstance(one, str)}
LISTS |= {*phrases.PHRASES.values(), *WORDS.values()}
LISTS |= {*filter_phrases.PHRASES.values(), *UNITS, ONE}

PLACEHOLDER = re.compile(r"\{\w*\}")
COMMAND = re.compile(r"(?<![\w/<:.\u2060-])/([a-z]{2,32})(?![\w/:])")  # one that can be tapped
SENTENCE_END = re.compile("[.。][)）]?$")
TYPED = r"(?:/(?:[a-z]+|\{\w+\})(?: (?:timezone|add|import|config))?|\{(?:usage|command)\})"
KANA_OR_HAN = "[\u3041-\u30ff\u4e00-\u9fff々]"


def forms(language: str) -> Iterator[tuple[str, str]]:
    """Each message in English with its translation, its plural forms one by one."""
    for message in CATALOGUES[language]:
        if not message.id:
            continue
        if isinstance(message.id, str):
            yield message.id, str(message.string)
            continue
        one, many = message.id
        own = tuple(message.string or ())
        for at, form in enumerate(own):
            yield (one if at == 0 and len(own) > 1 else many), form


def test_there_are_languages_beside_english() -> None:
    assert {"en", "ja", "de", *CATALOGUES} == set(languages())


@TRANSLATED
def test_a_catalogue_is_complete(language: str) -> None:
    template, catalogue = messages.read(messages.TEMPLATE), CATALOGUES[language]
    wanted = {(one.context, one.id) for one in template if one.id}
    known = {(one.context, one.id) for one in catalogue if one.id}
    assert known == wanted, "run `make messages`"
    left = [one.id for one in messages.untranslated(catalogue)]
    assert left == [], f"{len(left)} messages are not translated; `make messages` lists them, too"
    assert not catalogue.obsolete


@TRANSLATED
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    catalogue = CATALOGUES[language]
    assert catalogue.num_plurals == Catalog(locale=language).num_plurals
    for message in catalogue:
        if isinstance(message.id, tuple):
            assert len(message.string or ()) == catalogue.num_plurals, message.id


@TRANSLATED
def test_placeholders_are_those_of_the_message(language: str) -> None:
    for english, own in forms(language):
        wanted, found = set(PLACEHOLDER.findall(english)), set(PLACEHOLDER.findall(own))
        # One thing needs no number, and the day of a month is no ordinal everywhere.
        spare = {"{count}"} if "{count}" in wanted else set()
        assert wanted - found <= spare | {"{ordinal}"}, (english, own)
        assert found - wanted <= ({"{day}"} if "{ordinal}" in wanted else spare), (english, own)


@TRANSLATED
def test_a_sentence_stays_one_and_has_no_stray_spaces(language: str) -> None:
    for english, own in forms(language):
        assert bool(SENTENCE_END.search(english)) <= bool(re.search("[.。:：)}！!]$", own)), own
        assert own.strip() == own or english != english.strip(), own
        assert "  " not in own


@TRANSLATED
def test_commands_can_be_tapped_as_in_english(language: str) -> None:
    for english, own in forms(language):
        assert set(COMMAND.findall(own)) >= set(COMMAND.findall(english)), own


@TRANSLATED
def test_what_commands_say_of_themselves_fits_where_it_is_shown(language: str) -> None:
    words = load(language)
    for command in REGISTRY:
        assert len(words.gettext(command.help)) <= 100
        for option in command.options:
            assert len(words.gettext(option.help)) <= 100, option.help
        for question in command.questions:
            assert len(words.gettext(question.text)) <= 45, question.text
            assert not question.placeholder or len(words.gettext(question.placeholder)) <= 64
    for setting in SETTINGS.values():
        assert all(len(words.gettext(label)) <= 40 for label in setting.labels)
    assert len(words.gettext("Related stories")) <= 32


@TRANSLATED
def test_names_of_commands_and_options_are_names_and_no_two_are_one(language: str) -> None:
    words = load(language)
    commands = [words.pgettext(COMMAND_NAME, one.name) for one in REGISTRY]
    assert all(map(is_name, commands))
    assert len(set(commands)) == len(commands)
    for command in REGISTRY:
        options = [words.pgettext(OPTION_NAME, one.name) for one in messages.options_of(command)]
        assert all(map(is_name, options)), options
        assert len(set(options)) == len(options), options


@TRANSLATED
def test_lists_of_phrases_have_none_that_is_empty(language: str) -> None:
    for english, own in forms(language):
        if english in LISTS:
            assert all(one.strip() for one in own.split(";")), own


# Japanese, as newspapers set it


def japanese() -> Iterator[str]:
    """What the bot says in Japanese, without the lists of what it is told."""
    return (own for english, own in forms("ja") if english not in LISTS and own != english)


def test_japanese_has_punctuation_of_full_width_and_digits_of_half() -> None:
    for own in japanese():
        assert not re.search(f"{KANA_OR_HAN}[,.!?:;()]|[,.!?;()]{KANA_OR_HAN}", own), own
        assert not re.search("[０-９Ａ-Ｚａ-ｚ]", own), own
        assert "..." not in own


def test_japanese_has_spaces_only_around_what_is_typed() -> None:
    for own in japanese():
        told = re.sub(rf" ?{TYPED} ?", "x", own)
        assert not re.search(f"{KANA_OR_HAN} | {KANA_OR_HAN}", told), own


def test_japanese_quotes_with_corner_brackets_but_for_what_is_typed() -> None:
    for own in japanese():
        assert "“" not in own
        assert own.count("「") == own.count("」")


def test_japanese_speaks_politely() -> None:
    told = list(japanese())
    assert [own for own in told if re.search("(?:だ|である|だった|しろ|よ|ね)。", own)] == []
    assert len([own for own in told if re.search("(?:です|ます|ません|さい|した)。", own)]) > 100
