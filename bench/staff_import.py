"""Importing staff from xlsx, dry run and import, in process: `python bench/staff_import.py [rows]`; nothing stays."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunshan_edu.settings")
django.setup()

from django.conf import settings  # noqa: E402 - models need the settings first
from django.core.files.base import ContentFile  # noqa: E402
from django.db import transaction  # noqa: E402

from groups.models import School  # noqa: E402
from kunshan_edu import embedded  # noqa: E402
from kunshan_edu.core import jobs  # noqa: E402
from kunshan_edu.core.models import SheetImport  # noqa: E402
from kunshan_edu.core.sheets import export, imports  # noqa: E402
from personnel.models import Appointment, StaffRecord  # noqa: E402
from personnel.sheets import STAFF  # noqa: E402
from tests.personnel.staffing import identity_number  # noqa: E402

ROWS = 20_000


def book(rows: int) -> bytes:
    """A sheet of so many good rows, over every school of the demonstration."""
    schools = list(School.objects.values_list("identifier", flat=True))
    titles, subjects = ("first", "second", "senior"), ("chinese", "mathematics", "english", "sport")
    lines = [
        [
            f"量测{n}", identity_number(100_000 + n), f"139{n:08d}", f"LC{n:05d}", schools[n % len(schools)],
            titles[n % 3], "none", subjects[n % 4], "2026-09-01", "昆教人〔2026〕99号", None,
        ]
        for n in range(rows)
    ]  # fmt: skip
    return export(STAFF, lines, by=None)


def step(label: str, row: SheetImport) -> SheetImport:
    begun = time.perf_counter()
    jobs.run(row.job_id)
    took = time.perf_counter() - begun
    row = SheetImport.objects.select_related("job").get(pk=row.pk)
    print(f"{label:<10}{took:>7.1f} s   {row.state}, {row.good} good, {row.bad} bad, {row.imported} imported")
    return row


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    officer = Appointment.objects.in_force().filter(post="bureau_personnel").first().person.user
    content = book(rows)
    print(f"{rows} rows, {len(content) / 1024:.0f} KB")
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.MEDIA_ROOT = Path(folder)
        row = imports.upload(ContentFile(content, name="staff.xlsx"), STAFF, by=officer)
        row = step("dry run", row)
        row = step("import", imports.bring_in(row, by=officer))
        print(f"{StaffRecord.objects.filter(document='昆教人〔2026〕99号').count()} records; taken back")
        transaction.set_rollback(True)


if __name__ == "__main__":
    embedded.ensure()
    if not settings.DEMO:
        sys.exit("This imports as the personnel section of the demonstration, and needs one.")
    main()
