"""Progress bars of what takes long, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def progress_bars(*, estimated: bool = False) -> Iterator[Progress]:
    """Shows progress bars on the error output, if that is a terminal.

    Args:
        estimated: Whether the time is told that is likely left.
    """
    # Not for `run`, which would keep the library in memory.
    from rich import progress  # noqa: PLC0415 - as above
    from rich.console import Console  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    columns = [
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
    ]
    if estimated:
        columns.append(progress.TimeRemainingColumn())
    is_hidden = not console.is_terminal
    with progress.Progress(*columns, console=console, transient=True, disable=is_hidden) as bars:
        yield bars
