"""Findings of an examination: what is well, what is not, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """A verdict on how well something is."""

    WELL = "ok"
    NOTE = "note"  # it works, but not as well as it could
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        verdict: How well it is.
        what: What was found, in one line.
        remedy: What mends it, in one line; empty for nothing.
    """

    verdict: Verdict
    what: str
    remedy: str = ""


def well(what: str) -> Finding:
    """Returns that something is well."""
    return Finding(Verdict.WELL, what)


def note(what: str, remedy: str = "") -> Finding:
    """Returns that something could be better."""
    return Finding(Verdict.NOTE, what, remedy)


def trouble(what: str, remedy: str) -> Finding:
    """Returns that something is wrong, and what mends it."""
    return Finding(Verdict.TROUBLE, what, remedy)
