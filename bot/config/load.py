"""Loader of the configuration: file and environment to a `Config`, or all mistakes at once."""

from __future__ import annotations

import glob
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr, TypeAdapter, ValidationError

from bot.config import rules
from bot.config.files import UnreadableError, read_text, token_in_environment, token_in_file
from bot.config.platforms import PlatformConfig
from bot.config.problems import ConfigMistakes, ConfigProblem, Mistake, explain, syntax_problem
from bot.config.schema import TABLES, Config, SourceConfig
from bot.config.source_secrets import SecretReader
from bot.config.store import StoreConfig
from bot.config.toml_lines import DEEPEST_KEY, KeyPath, line_of_deep_key, locate
from bot.config.values import file_path
from bot.errors import ConfigError

MAX_CONFIG = 1024 * 1024
"""Bytes of the largest configuration that is read."""

CheckLink = Callable[[str], None]
"""Raises ValueError, with the reason, for a link template that cannot be used."""

_SHAPE = TypeAdapter(Config)
_PLATFORMS = tuple(name for name, table in TABLES.items() if issubclass(table, PlatformConfig))


def find_config(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> Path | None:
    """Finds the configuration: `--config`, else `DATELINE_CONFIG`, else `cwd/config.toml`.

    Args:
        explicit: The value of `--config`; None when it is not given.
        environ: The environment; an empty `DATELINE_CONFIG` counts as unset.
        cwd: The base of relative paths. `Path()` keeps them, and the messages, short.

    Returns:
        A path that exists; None when nothing is named and the folder has no `config.toml`.

    Raises:
        ConfigError: The file that is named does not exist.
    """
    path, named_by = config_path(explicit, environ, cwd)
    if _exists(path):
        return path
    if named_by:
        raise ConfigError(f"{named_by}: there is no file {path}")
    return None


def config_path(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> tuple[Path, str]:
    """Returns the path of the configuration, which may not exist yet.

    Args:
        explicit: As for `find_config`, like the others.
        environ: The environment.
        cwd: The base of relative paths.

    Returns:
        The path, and its origin: `--config`, `DATELINE_CONFIG`, or nothing (empty).
    """
    if explicit is not None:
        return cwd / explicit, "--config"
    if named := environ.get("DATELINE_CONFIG", ""):
        return cwd / named, "DATELINE_CONFIG"
    return cwd / "config.toml", ""


def read_config(
    path: Path,
    environ: Mapping[str, str],
    *,
    check_link: CheckLink | None = None,
    folder: Path | None = None,
) -> Config:
    """Reads the configuration, and the tokens that it and the environment name.

    Args:
        path: The file. Messages name it as it is given here.
        environ: The environment. A token in it, such as `DATELINE_TELEGRAM_TOKEN`, wins over the
            token file; sources may refer to what else is in it.
        check_link: Judges a source's link template; without it every text will do.
        folder: The base of relative paths in it; without it, the folder that it is in.

    Raises:
        ConfigMistakes: The file cannot be read, or there are mistakes in it or its token files.
    """
    written = _read_document(path, (folder or path.parent).absolute())
    config, mistakes = validate_document(written.document, check_link)
    mistakes += rules.mistakes(written.document, written.lines)
    secrets = SecretReader(environ, written.folder, path.absolute())
    if config is not None:
        read = (secrets.read(at, source) for at, source in enumerate(config.sources))
        meaning = secrets.read_meaning(config.meaning)
        store = secrets.read_store(config.store)
        config = replace(config, sources=tuple(read), meaning=meaning, store=store)
        mistakes += secrets.mistakes
    problems = [mistake.problem(written.name, written.lines) for mistake in mistakes]
    tokens, token_problems = _read_tokens(written, environ)
    problems += token_problems
    if config is None or problems:
        raise ConfigMistakes(problems)
    platforms: dict[str, Any] = {
        name: _with_token(platform, tokens[name], written.folder)
        for name, platform in config.platforms.items()
    }
    return replace(_with_absolute_paths(config, written.folder), file=path.absolute(), **platforms)


def sample_config(samples_dir: Path, data_dir: Path, environ: Mapping[str, str]) -> Config:
    """Reads the configuration of the sample stories.

    Args:
        samples_dir: Holds `config.toml`, in the same form as an operator's.
        data_dir: The folder for the samples' store, `samples.db`: the samples may be read-only.
        environ: The environment, for tokens.

    Raises:
        ConfigMistakes: As `read_config`.
    """
    config = read_config(samples_dir / "config.toml", environ)
    store = StoreConfig(path=data_dir.absolute() / "samples.db")
    return replace(config, store=store, file=None)


@dataclass(frozen=True, slots=True)
class _Document:
    """The parsed file: its name in messages, its folder, its content and the lines of that."""

    name: str
    folder: Path
    document: Mapping[str, Any]
    lines: Mapping[KeyPath, int]


def _exists(path: Path) -> bool:
    """Tells whether there is anything of that name, readable or not."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _read_document(path: Path, folder: Path) -> _Document:
    name = str(path)
    try:
        text = read_text(path, MAX_CONFIG)
    except UnreadableError as error:
        problem = ConfigProblem(error.line, "", str(error), name)
    else:
        parsed = _parse(text, name)
        if not isinstance(parsed, ConfigProblem):
            return _Document(name, folder, *parsed)
        problem = parsed
    # Raised outside of any `except`, here and below, so that no error that knows the text of the
    # file, and with it perhaps a token, travels along as its context.
    raise ConfigMistakes([problem])


def _parse(text: str, name: str) -> tuple[Mapping[str, Any], Mapping[KeyPath, int]] | ConfigProblem:
    text += "\n"  # or mistakes in a last line without one would be placed no better than "the end"
    # Before anything takes time that grows with the square of a key's length.
    if line := line_of_deep_key(text):
        reason = f"a key of more than {DEEPEST_KEY} parts; no setting has more than two"
        return ConfigProblem(line, "", reason, name)
    try:
        return tomllib.loads(text), locate(text)
    except RecursionError:
        return ConfigProblem(None, "", "lists or tables are nested too deeply", name)
    except ValueError as error:  # a TOMLDecodeError, or a number of thousands of digits
        return syntax_problem(error, name, text)


def validate_document(
    document: Mapping[str, Any], check_link: CheckLink | None
) -> tuple[Config | None, list[Mistake]]:
    """Validates each setting by itself; returns no configuration when there are mistakes.

    Args:
        document: The document that `tomllib` parsed, or one like it.
        check_link: As for `read_config`.
    """
    try:
        return _SHAPE.validate_python(document, context=check_link), []
    except ValidationError as error:
        return None, [explain(detail) for detail in error.errors(include_url=False)]


def _read_tokens(
    written: _Document, environ: Mapping[str, str]
) -> tuple[Mapping[str, SecretStr | None], Sequence[ConfigProblem]]:
    """Reads the token of each platform; None where it has none."""
    read = {name: _read_token(name, written, environ) for name in _PLATFORMS}
    tokens = {name: one for name, one in read.items() if not isinstance(one, ConfigProblem)}
    return tokens, [one for one in read.values() if isinstance(one, ConfigProblem)]


def _read_token(
    platform: str, written: _Document, environ: Mapping[str, str]
) -> SecretStr | ConfigProblem | None:
    variable = f"DATELINE_{platform.upper()}_TOKEN"
    try:
        if token := token_in_environment(environ, variable):
            return token
    except UnreadableError as error:
        return ConfigProblem(None, variable, str(error), "environment")
    path = _token_file(written, platform)
    if path is None:
        return None
    try:
        return token_in_file(path)
    except UnreadableError as error:
        reason = f"{error}; token_file must name a file that contains only the token"
        return Mistake((platform, "token_file"), reason).problem(written.name, written.lines)


def _token_file(written: _Document, platform: str) -> Path | None:
    """Returns the token file that the document names, whatever else is wrong; None for none."""
    table = written.document.get(platform)
    named = table.get("token_file") if isinstance(table, dict) else None
    if not isinstance(named, str) or not named:
        return None
    try:
        return written.folder / file_path(Path(named))
    except ValueError:
        return None  # already a mistake in the setting itself


def _with_token(platform: PlatformConfig, token: SecretStr | None, folder: Path) -> PlatformConfig:
    file = None if platform.token_file is None else folder / platform.token_file
    return replace(platform, token=token, token_file=file)


def _with_absolute_paths(config: Config, folder: Path) -> Config:
    """Makes every path absolute."""
    store = replace(config.store, path=folder / config.store.path)
    sources = tuple(_with_absolute_source_paths(source, folder) for source in config.sources)
    return replace(config, store=store, sources=sources)


def _with_absolute_source_paths(source: SourceConfig, folder: Path) -> SourceConfig:
    # The folder's own name may hold signs, such as brackets, that mean something in a pattern.
    root = Path(glob.escape(str(folder)))
    return replace(source, paths=tuple(str(root / pattern) for pattern in source.paths))
