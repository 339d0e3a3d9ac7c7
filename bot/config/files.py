"""Readers of the operator's files: the configuration's text and the tokens beside it.

Tokens are read into `SecretStr` at once; no error raised here holds one, or the text it came from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

MAX_TOKEN_FILE = 4 * 1024
"""Bytes of the largest token file; tokens are some 70 characters."""

_ONE_TOKEN = re.compile(r"[!-~]+")


class UnreadableError(Exception):
    """A file cannot be used.

    Attributes:
        line: The line of the problem, from 1; None when it is the whole file.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def read_text(path: Path, limit: int) -> str:
    """Reads a small UTF-8 file, with or without a byte order mark.

    Args:
        path: The file.
        limit: Bytes of the largest file that is read.

    Raises:
        UnreadableError: There is no such file, it may not be read, it is too large or no text.
    """
    data = _read(path, limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    # Raised out here: the decoding error holds the whole file and must not travel along.
    raise UnreadableError("this is not UTF-8 text; save the file as UTF-8", line)


def _read(path: Path, limit: int) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableError("this is a folder, not a file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise UnreadableError("there is no such file") from None
    except OSError as error:
        raise UnreadableError(f"could not be read: {error.strerror}") from None
    if len(data) > limit:
        raise UnreadableError(f"larger than {limit // 1024:,} KB")
    return data


def token_in_environment(environ: Mapping[str, str], name: str) -> SecretStr | None:
    """Reads the token in an environment variable; None when it is not set or blank.

    Raises:
        UnreadableError: The variable holds something that is no token.
    """
    text = environ.get(name, "").strip()
    return _token(text) if text else None


def token_in_file(path: Path) -> SecretStr:
    """Reads the token in a file; white space around it is ignored.

    Raises:
        UnreadableError: The file cannot be read, or what it holds is no token.
    """
    text = read_text(path, MAX_TOKEN_FILE).strip()
    if not text:
        raise UnreadableError("the file is empty")
    return _token(text)


def _token(text: str) -> SecretStr:
    # A token becomes a part of addresses and headers, where blanks and controls do harm.
    if not _ONE_TOKEN.fullmatch(text):
        raise UnreadableError("this is not a token: it contains spaces or unusual characters")
    return SecretStr(text)
