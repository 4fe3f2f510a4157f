"""The rule of exports: whoever is signed in takes along what the list shows them, and it is put on record. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kunshan_edu.core.denials import FORBIDDEN, Denial, _

NOT_SIGNED_IN = Denial("not_signed_in", _("请登录后再导出表格。"), status=FORBIDDEN)


@dataclass(frozen=True)
class ExportCase:
    """Who exports a list: somebody who may sign in today?"""

    is_active: bool = False


def cannot_export(case: ExportCase) -> Denial | None:
    """导出表格: exactly the rows of one's own view."""
    return None if case.is_active else NOT_SIGNED_IN
