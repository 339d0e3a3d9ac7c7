"""Findings of an examination: what is well, what is not, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Severities of findings, the least first."""

    WELL = "ok"
    NOTE = "note"  # it works, but not as well as it could
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        severity: How bad it is.
        what: What was found, in one line.
        remedy: What mends it, in one line; empty for nothing.
    """

    severity: Severity
    what: str
    remedy: str = ""


def well(what: str) -> Finding:
    """Returns that something is well."""
    return Finding(Severity.WELL, what)


def note(what: str, remedy: str = "") -> Finding:
    """Returns that something could be better."""
    return Finding(Severity.NOTE, what, remedy)


def trouble(what: str, remedy: str) -> Finding:
    """Returns that something is wrong, and what mends it."""
    return Finding(Severity.TROUBLE, what, remedy)
