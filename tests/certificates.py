"""Certificates of servers that vouch for themselves."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from pathlib import Path

OPENSSL = shutil.which("openssl")
"""The program that makes them; None where it is not installed."""


async def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server shows that vouches for itself, and a client that believes it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    process = await asyncio.create_subprocess_exec(
        OPENSSL or "openssl",
        *f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -keyout {key}".split(),
        *f"-out {certificate} -addext subjectAltName={name}".split(),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=certificate)
