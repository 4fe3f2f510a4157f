"""Refusals: what may not be done, said in one sentence with its clause. Pure: no Django, no database."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kunshan_edu.core.guideline import Clause


def _(sentence: str) -> str:
    """Mark a Chinese sentence for translation; it is translated where it is shown, by `pages.sentence`."""
    return sentence


# A refusal's HTTP status: who you are (403), what is gone (404), what the state forbids (409), what you typed (422).
FORBIDDEN, GONE, CONFLICT, INVALID = 403, 404, 409, 422


@dataclasses.dataclass(frozen=True)
class Denial:
    """Why something is refused.

    code: stable, part of the API. message: a Chinese sentence with %(name)s places that `params` fills.
    field: the form field it is about, if one. status: the HTTP status with which the doors answer.
    """

    code: str
    message: str
    clause: Clause | None = None
    field: str | None = None
    status: int = CONFLICT
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class Denied(Exception):
    """An action was refused; `denial` says why."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(str(denial))
        self.denial = denial


def demand(denial: Denial | None) -> None:
    """Raise `Denied` when a rule has answered with a refusal."""
    if denial is not None:
        raise Denied(denial)
