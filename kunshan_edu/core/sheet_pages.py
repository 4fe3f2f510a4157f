"""Pages of spreadsheets: upload with template, what the dry run found, wrong rows back, import; lists as a file."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kunshan_edu.core import clock, files
from kunshan_edu.core.changes import acting, record_about
from kunshan_edu.core.denials import Denial, Denied, demand
from kunshan_edu.core.forms import PlainForm, UploadField
from kunshan_edu.core.models import ImportState, SheetImport
from kunshan_edu.core.pages import FilterForm, FormPage, ListPage, performed
from kunshan_edu.core.pages.frame import Framed
from kunshan_edu.core.sheets import Sheet, export, imports, template
from kunshan_edu.core.sheets.opening import fault_of
from kunshan_edu.core.sheets.rules import ExportCase, cannot_export
from kunshan_edu.core.templatetags.kg import say
from kunshan_edu.core.views import refused

Crumb = tuple[tuple[Any, str], ...]
NO_SHEET = Sheet("", "", ())
EXPORT = "core.export_sheet"
EVERY, YES = _("全部"), _("是")  # how a menu's label begins, and how the audit tells of a ticked box


class SheetField(UploadField):
    """The file with the data; what can be said at once is said at once, the rest by the dry run."""

    def to_python(self, data: Any) -> Any:
        if data:
            fault = fault_of(data.read())
            data.seek(0)
            if fault:
                raise forms.ValidationError(say(fault), code=fault.code)
        return super().to_python(data)


class SheetForm(PlainForm):
    """上传表格."""

    file = SheetField(label=_("表格文件"), kinds=files.SHEETS)


class SheetPage(Framed):
    """What the pages of one sheet have in common: who may, where it stands, the way back to the upload."""

    sheet: ClassVar[Sheet] = NO_SHEET

    def refusal(self) -> Denial | None:
        return self.sheet.cannot(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        denial = self.refusal()
        return refused(request, denial) if denial else super().dispatch(request, *args, **kwargs)

    def heading(self) -> str:
        return gettext("导入%(sheet)s") % {"sheet": self.sheet.title}

    def frame(self) -> dict[str, Any]:
        addresses = {name: reverse(f"{self.sheet.route}{name}") for name in ("", "_template")}
        return {
            **super().frame(), "title": self.heading(), "sheet": self.sheet, "lead": self.sheet.about,
            "upload_url": addresses[""], "template_url": addresses["_template"],
            "draft": "",
        }  # fmt: skip

    def row(self) -> SheetImport:
        """The upload of this address, if it is this person's own."""
        own = SheetImport.objects.visible_to(self.request.user).filter(sheet=self.sheet.name)
        return get_object_or_404(own.select_related("stored", "bad_file", "job"), pk=self.kwargs["pk"])


class SheetUpload(SheetPage, FormPage):
    """上传: template, drop zone, what each column takes."""

    template = "core/import_new.html"
    form = SheetForm
    submit = _("上传并核对")

    def perform(self, cleaned: Mapping[str, Any]) -> SheetImport:
        return imports.upload(cleaned["file"], self.sheet, by=self.request.user)


class SheetTemplate(SheetPage):
    """下载模板."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        content = template(self.sheet, request.user)
        return download(content, gettext("%(sheet)s（模板）") % {"sheet": self.sheet.title})


class SheetResult(SheetPage):
    """核对结果: progress, then how many rows are good, what is wrong with the others, and the button to import."""

    def show(self, row: SheetImport, denial: Denial | None = None, status: int = 200) -> HttpResponse:
        shown = {
            **self.frame(), "row": row, "idem": uuid.uuid4(), "denial": denial, "faults": self.faults(row),
            "failure": self.failure(row), "offered": imports.cannot_bring_in(row) is None,
            "bad_url": self.bad_url(row),
            "trail": [*self.trail(), (self.heading(), reverse(self.sheet.route))], "title": str(row),
        }  # fmt: skip
        return render(self.request, "core/import_detail.html", shown, status=status)

    def bad_url(self, row: SheetImport) -> str:
        there = row.bad_file is not None and not row.bad_file.is_over
        return reverse(f"{self.sheet.route}_bad", args=[row.pk]) if there else ""

    def faults(self, row: SheetImport) -> list[tuple[int, str, str]]:
        """(line, column, sentence) of the first faults, in the reader's language."""
        labels = {column.name: str(column.label) for column in self.sheet.columns}
        return [
            (
                each["line"],
                labels.get(each["column"], ""),
                say(Denial("", each["message"], params=each["params"])),
            )
            for each in row.faults
        ]

    def failure(self, row: SheetImport) -> str:
        """Why the file cannot be read, or why the last job did not come to its end."""
        if row.state == ImportState.FAILED:
            return say(Denial("", row.failure["message"], params=row.failure["params"]))
        return gettext(row.job.failure) if row.job and row.job.failure else ""

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.show(self.row())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """导入: the good rows, by a job."""
        row = self.row()
        try:
            return performed(request, lambda: imports.bring_in(row, by=request.user), "")
        except Denied as refusal:
            return self.show(self.row(), refusal.denial, refusal.denial.status)


class SheetBadRows(SheetPage):
    """下载有误的行."""

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        row = self.row()
        if row.bad_file is None:
            raise Http404
        return files.answer(row.bad_file)


def routes(sheet: Sheet, address: str, *, crumb: Crumb = (), clause: Any = None) -> list[URLPattern]:
    """The addresses of a sheet, named by its route: upload, _template, _detail, _bad. crumb: the pages above them."""
    name = sheet.route.rpartition(":")[2]
    same: dict[str, Any] = {"sheet": sheet, "crumb": crumb, "clause": clause}
    return [
        path(address, SheetUpload.as_view(**same), name=name),
        path(f"{address}template/", SheetTemplate.as_view(**same), name=f"{name}_template"),
        path(f"{address}<int:pk>/", SheetResult.as_view(**same), name=f"{name}_detail"),
        path(f"{address}<int:pk>/bad/", SheetBadRows.as_view(**same), name=f"{name}_bad"),
    ]


class ListExport(Framed):
    """导出表格: exactly what a list shows with its filter, as xlsx. line(row) → the cells of the sheet's columns.

    A POST, because the audit tells of it: who, in what capacity, which list, by what filter, how many rows. The filter
    stands in the address as it does for the list. page, sheet and line are given to `as_view`.
    """

    page: ClassVar[type[ListPage]] = ListPage
    sheet: ClassVar[Sheet] = NO_SHEET
    line: Any = staticmethod(list)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        listing = self.page()
        listing.setup(request, **kwargs)
        with acting(EXPORT, request.user):
            demand(cannot_export(ExportCase(is_active=bool(request.user.is_active))))
            listing.filled = listing.make_filter()
            rows = listing.rows() if listing.filled is None else listing.filled.narrowed(listing.rows())
            lines = [self.line(row) for row in rows]
            told = {"rows": [None, len(lines)], "filter": [None, filter_in_words(listing.filled)]}
            record_about(listing.model, self.sheet.title, EXPORT, by=request.user, difference=told)
        return download(export(self.sheet, lines, by=request.user), str(self.sheet.title))


def filter_in_words(filled: FilterForm | None) -> str:
    """What a list was narrowed by, in Chinese, for the audit: 职称＝高级教师；截至＝2026-11-24."""
    if filled is None or not filled.is_valid():
        return ""
    with translation.override(None):
        given = {name: value for name, value in filled.cleaned_data.items() if value not in (None, "", False)}
        return "；".join(
            f"{_label(filled.fields[name]) or name}＝{_chosen(filled.fields[name], value)}"
            for name, value in given.items()
        )


def _label(field: Any) -> str:
    """The label, which in a menu also says what is shown when nothing is chosen: 全部职称."""
    return str(field.label or "").removeprefix(str(EVERY))


def _chosen(field: Any, value: Any) -> str:
    if value is True:
        return str(YES)
    return str(dict(getattr(field, "choices", ()) or ()).get(value, value))


def download(content: bytes, name: str | Promise) -> FileResponse:
    """An xlsx to be saved under its name and today's date; not kept by anything on the way."""
    response = FileResponse(
        io.BytesIO(content),
        as_attachment=True,
        filename=f"{Path(str(name)).name}-{clock.today():%Y%m%d}.xlsx",
        content_type=files.CONTENT_TYPES[files.FileKind.XLSX],
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
