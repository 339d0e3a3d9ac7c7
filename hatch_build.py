"""Compiles the catalogues of translations for a wheel, by hatchling's build hook.

The source tree needs no compiled ones: there `bot.i18n` compiles them as it loads them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg] # of a configuration without types
    """Puts each `dateline.po` into the wheel as `dateline.mo`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles into a folder of its own; an editable install reads the tree instead."""
        if version == "editable":
            return
        root = Path(self.root)
        self._folder = tempfile.TemporaryDirectory()
        for source in root.glob("bot/locale/*/LC_MESSAGES/*.po"):
            inside = source.relative_to(root).with_suffix(".mo")
            compiled = Path(self._folder.name, inside)
            compiled.parent.mkdir(parents=True)
            with source.open("rb") as file, compiled.open("wb") as target:
                write_mo(target, read_po(file, locale=source.parent.parent.name))
            build_data["force_include"][str(compiled)] = str(inside)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes what was compiled."""
        del build_data, artifact_path
        if version != "editable":
            self._folder.cleanup()
