"""The public holidays of 2023 to 2026 with the weekend days worked for them, by the State Council's yearly notices."""

import datetime as dt

from django.db import migrations

# Notice → (holiday, first day off, last day off, days worked for it). Weekends beside a holiday that the notice
# does not count ("与周末连休") are weekends and not listed.
NOTICES = {
    "国办发明电〔2022〕16号": (
        ("元旦", "2022-12-31", "2023-01-02", ()),
        ("春节", "2023-01-21", "2023-01-27", ("2023-01-28", "2023-01-29")),
        ("清明节", "2023-04-05", "2023-04-05", ()),
        ("劳动节", "2023-04-29", "2023-05-03", ("2023-04-23", "2023-05-06")),
        ("端午节", "2023-06-22", "2023-06-24", ("2023-06-25",)),
        ("中秋节、国庆节", "2023-09-29", "2023-10-06", ("2023-10-07", "2023-10-08")),
    ),
    "国办发明电〔2023〕7号": (
        ("元旦", "2024-01-01", "2024-01-01", ()),
        ("春节", "2024-02-10", "2024-02-17", ("2024-02-04", "2024-02-18")),
        ("清明节", "2024-04-04", "2024-04-06", ("2024-04-07",)),
        ("劳动节", "2024-05-01", "2024-05-05", ("2024-04-28", "2024-05-11")),
        ("端午节", "2024-06-10", "2024-06-10", ()),
        ("中秋节", "2024-09-15", "2024-09-17", ("2024-09-14",)),
        ("国庆节", "2024-10-01", "2024-10-07", ("2024-09-29", "2024-10-12")),
    ),
    "国办发明电〔2024〕12号": (
        ("元旦", "2025-01-01", "2025-01-01", ()),
        ("春节", "2025-01-28", "2025-02-04", ("2025-01-26", "2025-02-08")),
        ("清明节", "2025-04-04", "2025-04-06", ()),
        ("劳动节", "2025-05-01", "2025-05-05", ("2025-04-27",)),
        ("端午节", "2025-05-31", "2025-06-02", ()),
        ("国庆节、中秋节", "2025-10-01", "2025-10-08", ("2025-09-28", "2025-10-11")),
    ),
    "国办发明电〔2025〕7号": (
        ("元旦", "2026-01-01", "2026-01-03", ("2026-01-04",)),
        ("春节", "2026-02-15", "2026-02-23", ("2026-02-14", "2026-02-28")),
        ("清明节", "2026-04-04", "2026-04-06", ()),
        ("劳动节", "2026-05-01", "2026-05-05", ("2026-05-09",)),
        ("端午节", "2026-06-19", "2026-06-21", ()),
        ("中秋节", "2026-09-25", "2026-09-27", ()),
        ("国庆节", "2026-10-01", "2026-10-07", ("2026-09-20", "2026-10-10")),
    ),
}


def arranged():
    """(day, kind, holiday, notice) of every day that the notices name."""
    for document, holidays in NOTICES.items():
        for name, first, last, worked in holidays:
            day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            while day <= end:
                yield day, "holiday", name, document
                day += dt.timedelta(days=1)
            for each in worked:
                yield dt.date.fromisoformat(each), "workday", name, document


def load(apps, schema_editor):
    """Under a verb, as every change of the calendar."""
    model, alias = apps.get_model("core", "CalendarDay"), schema_editor.connection.alias
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kunshan.verb', 'core.load_calendar', true)")
        model.objects.using(alias).bulk_create(
            model(day=day, kind=kind, name=name, document=document)
            for day, kind, name, document in arranged()
        )
        cursor.execute("SELECT set_config('kunshan.verb', '', true)")


class Migration(migrations.Migration):
    dependencies = [("core", "0005_file_and_day_guards")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
