"""Draws pictures by resvg, which the extra `pictures` brings, each in a process of its own.

A process costs some hundredths of a second, and leaves nothing of the drawing's memory behind. A
picture that makes the library crash or hang costs that process, not the bot.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from contextlib import suppress

from typing_extensions import override

from bot.errors import PictureError
from bot.trends.ports import PictureRenderer

_LIBRARY = "resvg_py"
_WORKER = "adapters.pictures.worker_main"
_AT_ONCE = 2  # processes
_DEADLINE = 20.0  # seconds for one picture, on a machine that is busy
_MEMORY = 512 << 20  # bytes of address space that the process may have; it uses a tenth of that

# All that the process gets of the bot's environment, which has its tokens.
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


class ResvgRenderer(PictureRenderer):
    """Draws pictures.

    Args:
        module: The module that the processes run.
        deadline: Seconds that one picture may take.
    """

    def __init__(self, *, module: str = _WORKER, deadline: float = _DEADLINE) -> None:
        self._module = module
        self._deadline = deadline
        self._slots = asyncio.Semaphore(_AT_ONCE)

    @override
    async def png(self, svg: str, scale: float) -> bytes:
        async with self._slots:
            try:
                async with asyncio.timeout(self._deadline):
                    return await self._draw(svg.encode(), scale)
            except TimeoutError:
                raise PictureError(f"drawing it took more than {self._deadline:g} s") from None
            except OSError as error:
                raise PictureError(f"the process that draws cannot start: {error}") from error

    async def _draw(self, svg: bytes, scale: float) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-B", "-P", "-S", "-c", f"from {self._module} import main; main()"),
            *(f"{scale}", f"{_MEMORY}"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl+C in a terminal reaches the bot alone
            env=_environment(),
        )
        try:
            picture, _ = await process.communicate(svg)
        except BaseException:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()  # reaps it, and closes its pipes
            raise
        if process.returncode or not picture:
            raise PictureError(f"the process that draws ended with {process.returncode}")
        return picture


def open_renderer() -> PictureRenderer | None:
    """Returns what draws pictures; None where the extra `pictures` is not installed."""
    return ResvgRenderer() if importlib.util.find_spec(_LIBRARY) else None


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
