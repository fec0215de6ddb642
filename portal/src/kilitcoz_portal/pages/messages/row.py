"""The shape of a row."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Message:
    """Three sentences, each a lazy translation: a title, what happened, what to do.

    `again`: whether beginning anew is what helps, so that the page offers it.
    """

    title: str | Promise
    happened: str | Promise
    next_step: str | Promise
    again: bool = True
