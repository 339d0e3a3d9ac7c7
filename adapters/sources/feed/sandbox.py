"""Sandbox of a worker process: limits of the system (setrlimit) and of system calls (seccomp).

None of it needs root. What the system does not know is left out: the deadline and the memory limit
hold without it. A worker in it can still read the files that the bot's user can read.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from contextlib import suppress

from adapters.sources.feed.system_calls import ARCHITECTURES, opening_calls, refused_calls

CPU_SECONDS = 300
"""The processor time that one process may have in all; it is replaced long before."""

_OPEN_FILES = 64
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # of prctl
_NEW_USER, _NEW_NETWORK = 0x1000_0000, 0x4000_0000  # of unshare

# Operations of the filter's virtual machine, and where it finds what a call is.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000 | errno.EPERM
_X32 = 0x4000_0000  # a second set of numbers for the same calls, on x86-64
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def enter_sandbox(memory: int) -> None:
    """Gives up, for this process, all that parsing a document does not need.

    Args:
        memory: Bytes that it may have.
    """
    _limit_resources(memory)
    if sys.platform == "linux" and not _filter_system_calls():
        _leave_network()


def _limit_resources(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    for name, size in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", CPU_SECONDS),
        ("RLIMIT_NOFILE", _OPEN_FILES),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        with suppress(AttributeError, ValueError, OSError):  # unknown here, or smaller already
            resource.setrlimit(getattr(resource, name), (size, size))


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("start", ctypes.POINTER(_Instruction)))


def _filter_system_calls() -> bool:
    """Has the kernel refuse `refused_calls` with EPERM; False where it cannot."""
    code = _filter_code()
    if code is None:
        return False
    start = (_Instruction * len(code))(*code)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    program = _Program(len(code), start)
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0) == 0)


def _filter_code() -> list[_Instruction] | None:
    """Returns the filter's instructions; a jump counts those that it leaps over."""
    machine = platform.machine()
    if machine not in ARCHITECTURES or sys.maxsize < 2**32:
        return None
    refuse = _Instruction(_RETURN, 0, 0, _REFUSE)
    code = [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _Instruction(_EQUAL, 1, 0, ARCHITECTURES[machine]),
        refuse,
        _Instruction(_LOAD, 0, 0, _NUMBER),
        _Instruction(_AT_LEAST, 0, 1, _X32),
        refuse,
    ]
    for number in refused_calls(machine):
        code += [_Instruction(_EQUAL, 0, 1, number), refuse]
    for number, argument in opening_calls(machine).items():
        code += [
            _Instruction(_EQUAL, 0, 4, number),
            _Instruction(_LOAD, 0, 0, _ARGUMENTS + 8 * argument),
            _Instruction(_ANY_BIT, 0, 1, _TO_WRITE),
            refuse,
            _Instruction(_RETURN, 0, 0, _ALLOW),
        ]
    return [*code, _Instruction(_RETURN, 0, 0, _ALLOW)]


def _leave_network() -> None:
    """Moves to a network of its own, in which there is nobody, where the system lets anybody."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK)
