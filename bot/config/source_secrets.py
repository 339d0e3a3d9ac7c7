"""Reads the secrets that settings refer to: in the environment (`env:`) and in files (`file:`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import SecretStr

from bot.config import http_values
from bot.config.files import MAX_TOKEN_FILE, UnreadableError, read_text
from bot.config.meaning import MeaningConfig
from bot.config.problems import Mistake
from bot.config.schema import SourceConfig
from bot.config.store import StoreConfig, database_url
from bot.config.values import file_path

_ENVIRONMENT, _FILE = "env:", "file:"


@dataclass(slots=True)
class SecretReader:
    """Replaces what settings refer to by what is there.

    Attributes:
        environ: The environment.
        folder: The base of relative paths.
        config: The configuration's own file.
        mistakes: What was referred to and cannot be used.
    """

    environ: Mapping[str, str]
    folder: Path
    config: Path
    mistakes: list[Mistake] = field(default_factory=list)

    def read(self, at: int, source: SourceConfig) -> SourceConfig:
        """Returns a source with its secrets; what is wrong with them joins the mistakes.

        Args:
            at: The source's place in the configuration.
            source: As it was written.
        """
        written = [source.cookie, source.proxy, *(value for _, value in source.headers)]
        files = (self._file_of(one) for one in written if one is not None)
        place = ("sources", at)
        return replace(
            source,
            headers=tuple(
                (name, self._resolve((*place, "headers"), value, http_values.header_value) or value)
                for name, value in source.headers
            ),
            cookie=self._resolve((*place, "cookie"), source.cookie, http_values.header_value),
            proxy=self._resolve((*place, "proxy"), source.proxy, http_values.proxy),
            secret_files=tuple(dict.fromkeys(filter(None, files))),
        )

    def read_meaning(self, meaning: MeaningConfig) -> MeaningConfig:
        """Returns the settings of the search by meaning with their key; as `read` does."""
        if meaning.key is None:
            return meaning
        key = self._resolve(("meaning", "key"), meaning.key, http_values.header_value)
        file = self._file_of(meaning.key)
        return replace(meaning, key=key, secret_files=(file,) if file else ())

    def read_store(self, store: StoreConfig) -> StoreConfig:
        """Returns the settings of the store with its URL; as `read` does."""
        if store.url is None:
            return store
        url = self._resolve(("store", "url"), store.url, database_url)
        file = self._file_of(store.url)
        return replace(store, url=url, secret_files=(file,) if file else ())

    def _resolve(
        self,
        place: tuple[str | int, ...],
        written: SecretStr | None,
        check: Callable[[str], str],
    ) -> SecretStr | None:
        if written is None:
            return None
        try:
            return SecretStr(check(self._text(written.get_secret_value())))
        except (UnreadableError, ValueError) as error:
            self.mistakes.append(Mistake(place, str(error)))
        return None

    def _text(self, written: str) -> str:
        """Returns what a text refers to, or the text itself."""
        if written.startswith(_ENVIRONMENT):
            name = written.removeprefix(_ENVIRONMENT)
            if not self.environ.get(name, "").strip():
                raise UnreadableError(f"the environment has no {name}")
            return self.environ[name].strip()
        path = self._path(written)
        if path is None:
            return written
        text = read_text(path, MAX_TOKEN_FILE * 4).strip()
        if not text:
            raise UnreadableError(f"{path}: the file is empty")
        return text

    def _path(self, written: str) -> Path | None:
        if not written.startswith(_FILE):
            return None
        return self.folder / file_path(Path(written.removeprefix(_FILE)))

    def _file_of(self, written: SecretStr) -> Path | None:
        """Returns the file in which a secret is written; None for the environment."""
        text = written.get_secret_value()
        if text.startswith(_ENVIRONMENT):
            return None
        try:
            return self._path(text) or self.config
        except ValueError:
            return None  # a mistake, which is told elsewhere


def secret_texts(source: SourceConfig) -> Iterator[str]:
    """Yields each text of a source that no log and no message may show."""
    for name, value in source.headers:
        if name.lower() not in _HARMLESS:
            text = value.get_secret_value()
            yield from (text, text.rpartition(" ")[2])
    if source.cookie:
        text = source.cookie.get_secret_value()
        yield text
        yield from (pair.partition("=")[2].strip() for pair in text.split(";"))


_HARMLESS = frozenset("accept accept-language cache-control dnt from origin pragma referer".split())
"""Headers whose values are no secrets, and may be words that a log needs."""
