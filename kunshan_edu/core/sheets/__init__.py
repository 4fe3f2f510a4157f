"""表格: spreadsheets in, with a dry run and a sentence per wrong cell, and out; apps declare them in their `sheets`."""

from kunshan_edu.core.sheets.declarations import Column, Fault, Row, Sheet, find, known
from kunshan_edu.core.sheets.kinds import Kind, code, day, decimal, integer, text, wrong, yes_no
from kunshan_edu.core.sheets.reading import Reading
from kunshan_edu.core.sheets.writing import export, template

__all__ = [
    "Column", "Fault", "Kind", "Reading", "Row", "Sheet", "code", "day", "decimal", "export", "find", "integer",
    "known", "template", "text", "wrong", "yes_no",
]  # fmt: skip
