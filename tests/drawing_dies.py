"""A process that dies over a picture, as if the library had crashed."""

from __future__ import annotations

import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
