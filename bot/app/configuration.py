"""The configuration of the process: the operator's or the samples', and its secrets to hide."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import platformdirs

from adapters.sources.archive.link_template import LinkTemplate
from bot.config.load import find_config, read_config, sample_config
from bot.config.schema import Config
from bot.config.source_secrets import secret_texts
from bot.errors import ConfigError
from bot.secrets import SECRETS
from bot.text.urls import credentials_in

SAMPLES = Path(__file__).parents[1] / "samples"


def load_config(explicit: Path | None, environ: Mapping[str, str]) -> Config:
    """Loads the operator's configuration or, without one, that of the samples.

    Raises:
        ConfigError: It is missing or has mistakes.
    """
    path = find_config(explicit, environ, Path())
    if path is None:
        config = sample_config(SAMPLES, platformdirs.user_data_path("dateline"), environ)
    else:
        config = read_config(path, environ, check_link=_check_link)
    return _hide_secrets(config)


def read_again(config: Config, environ: Mapping[str, str]) -> Config:
    """Reads the file of a configuration again, and the files that it names.

    Raises:
        ConfigError: It was read from no file, or that is missing or has mistakes.
    """
    if config.file is None:
        raise ConfigError("there is no configuration file, so there is nothing to read again")
    return _hide_secrets(read_config(config.file, environ, check_link=_check_link))


def _hide_secrets(config: Config) -> Config:
    """Has no log show the secrets of a configuration from now on."""
    for platform in config.platforms.values():
        if platform.token:
            SECRETS.add(platform.token.get_secret_value())
    if config.store.url:
        credentials = credentials_in(config.store.url.get_secret_value())
        for written in {credentials, unquote(credentials)}:
            SECRETS.add(written)
    if config.meaning.key:
        SECRETS.add(config.meaning.key.get_secret_value())
    for source in config.sources:
        proxy = source.proxy.get_secret_value() if source.proxy else ""
        for url in (source.url, proxy):
            for written in {credentials_in(url), unquote(credentials_in(url))}:
                SECRETS.add(written)
        for secret in secret_texts(source):
            SECRETS.add(secret)
    return config


def _check_link(template: str) -> None:
    LinkTemplate.parse(template)
