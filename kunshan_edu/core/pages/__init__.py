"""Pages: a list with filters, a detail page, a form, and the address of a verb; each starts from `visible_to`."""

from kunshan_edu.core.pages.columns import Action, Column, Fact, Part
from kunshan_edu.core.pages.details import DetailPage
from kunshan_edu.core.pages.forms import FormPage, VerbPage, performed, put_error, replayed
from kunshan_edu.core.pages.frame import day_asked
from kunshan_edu.core.pages.lists import AsOfFilter, FilterForm, ListPage

__all__ = [
    "Action", "AsOfFilter", "Column", "DetailPage", "Fact", "FilterForm", "FormPage", "ListPage", "Part", "VerbPage",
    "day_asked", "performed", "put_error", "replayed",
]  # fmt: skip
