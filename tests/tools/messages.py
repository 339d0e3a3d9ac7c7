"""Gathers the bot's words for translation, and brings the catalogues up to date: `make messages`.

What is new stands in each catalogue without a translation, what is no longer said is dropped, and
nothing is guessed. What is left to translate is listed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.chat.command import Command, Option, OptionKind
from bot.commands import REGISTRY
from bot.i18n import COMMAND_NAME, DOMAIN, LOCALE_DIR, OPTION_NAME

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters")
TEMPLATE = LOCALE_DIR / f"{DOMAIN}.pot"

_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def gather() -> Catalog:
    """Gathers what the code marks for translation, and the names of commands and options."""
    catalogue = Catalog(project=DOMAIN)
    for package in PACKAGES:
        for _file, _line, message, _comments, context in extract_from_dir(ROOT / package):
            catalogue.add(message, context=context)
    for command in REGISTRY:
        catalogue.add(command.name, context=COMMAND_NAME)
        for option in options_of(command):
            catalogue.add(option.name, context=OPTION_NAME)
    return catalogue


def options_of(command: Command) -> list[Option]:
    """Returns the options of a command that people see by name."""
    return [one for one in command.options if not one.hidden or one.kind is OptionKind.PAGE]


def catalogues() -> dict[str, Path]:
    """Finds the catalogues, by the code of their language."""
    found = LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
    return {path.parent.parent.name: path for path in sorted(found)}


def read(path: Path, language: str | None = None) -> Catalog:
    """Reads a catalogue, or without a language the list of all messages."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    """Yields the messages without a translation, or without one of its plural forms."""
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(forms)):
            yield message


def write(catalogue: Catalog, path: Path) -> None:
    """Writes a catalogue in the order of its messages, with no date that would always change."""
    written = io.BytesIO()
    write_po(
        written,
        catalogue,
        width=0,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    header = _HEADER.format(language=catalogue.locale, plural_forms=catalogue.plural_forms)
    path.write_text(header + written.getvalue().decode(), "utf-8")


def begin(language: str) -> None:
    """Begins a catalogue, which has no translation yet."""
    path = LOCALE_DIR / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    write(Catalog(locale=language), path)


def main(new: Sequence[str]) -> None:
    """Brings all up to date, begins new languages, and lists what is left to translate."""
    template = gather()
    for language in set(new) - catalogues().keys():
        begin(language)
    with TEMPLATE.open("wb") as file:
        write_po(file, template, no_location=True, omit_header=True, sort_output=True)
    for language, path in catalogues().items():
        catalogue = read(path, language)
        catalogue.update(template, no_fuzzy_matching=True)
        write(catalogue, path)
        for message in untranslated(catalogue):
            where = f" ({message.context})" if message.context else ""
            sys.stdout.write(f"{language}: {message.id!r}{where}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
