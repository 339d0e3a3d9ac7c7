"""A process that embeds texts by heart; some make it die, hang or talk nonsense."""

from __future__ import annotations

import os
import sys
import time
from array import array
from collections.abc import Sequence
from pathlib import Path

from scripted_embedder import embed

from adapters.embedding.worker_main import serve_requests


def _embed(texts: Sequence[str], is_query: bool) -> bytes:
    vectors = array("f")
    for text in texts:
        match text.partition(" "):
            case ("die", _, _):
                os._exit(3)
            case ("hang", _, _):
                time.sleep(600)
            case ("babble", _, _):
                return b"123"
            case ("wait", _, file):
                while not Path(file).exists():
                    time.sleep(0.001)
            case ("pid", _, _):
                vectors.extend([float(os.getpid()), float(is_query)])
                continue
            case ("kept", _, name):
                vectors.append(float(name in os.environ))
                continue
        vectors.extend(embed(text))
    return vectors.tobytes()


if __name__ == "__main__":
    serve_requests(_embed, int(sys.argv[1]))
