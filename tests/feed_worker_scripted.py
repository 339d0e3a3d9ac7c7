"""A worker whose documents are its script: what it does is what the document says."""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from adapters.sources.feed.model import ParsedFeed
from adapters.sources.feed.worker_main import serve_requests
from adapters.sources.feed.worker_protocol import LENGTH


def attempt(what: str, where: str) -> str:
    """Tries to do harm; says what kept it from that."""
    try:
        HARM[what](where)
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"


HARM: dict[str, Callable[[str], object]] = {
    "connect": lambda port: socket.create_connection(("127.0.0.1", int(port))).close(),
    "datagram": lambda _: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
    "run": lambda _: os.execv("/bin/true", ["true"]),  # noqa: S606
    "fork": lambda _: os.fork() or os._exit(0),
    "write": lambda path: Path(path).write_bytes(b"x"),
    "append": lambda path: Path(path).open("ab").close(),
    "remove": lambda path: Path(path).unlink(),
    "rename": lambda path: Path(path).rename(f"{path}.old"),
    "chmod": lambda path: Path(path).chmod(0o777),
    "kill": lambda process: os.kill(int(process), 0),
    "open": lambda path: [Path(path).open("rb") for _ in range(200)].clear(),  # noqa: SIM115
    "read": lambda path: Path(path).read_bytes(),
}


def scripted(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Obeys the document."""
    match body:
        case b"hang":
            time.sleep(600)
        case b"die":
            os._exit(9)
        case b"eat":
            return ParsedFeed(title=str(len(bytearray(1 << 34))))
        case b"raise":
            raise ValueError(content_type)
        case b"lie":
            os.write(1, LENGTH.pack(len(content_type)) + content_type.encode())
        case b"flood":
            os.write(1, LENGTH.pack(1 << 62))
        case b"attack":
            return ParsedFeed(title=attempt(content_type, url))
    return ParsedFeed(title=body.decode(), link=url, language=str(os.getpid()))


if __name__ == "__main__":
    serve_requests(scripted, int(sys.argv[1]), float(sys.argv[2]))
