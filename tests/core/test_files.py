"""Uploads: judged by content, kept once and never rewritten, handed out sandboxed; bombs, lies and odd names."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from openpyxl import Workbook

from kunshan_edu.core import files, middleware
from kunshan_edu.core.changes import acting
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.forms import PlainForm, UploadField
from kunshan_edu.core.models import MOST_BYTES, AuditEvent, StoredFile, User

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
OFFICE = ("xlsx", "docx")
EVERY = ("pdf", "png", "jpeg", "xlsx", "docx", "csv")


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def clerk(db) -> User:
    return User.objects.create_user("clerk", name="办事员")


def upload(content: bytes, name: str = "文件.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def zipped(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def workbook(cells: int = 50, **more: bytes) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    for row in range(cells):
        book.active.append([f"教师{row}", row])
    book.save(kept)
    if not more:
        return kept.getvalue()
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


TYPES, BOOK, TEXT = "[Content_Types].xml", "xl/workbook.xml", "word/document.xml"
DOCX = zipped({TYPES: b"<Types/>", TEXT: b"<document/>"})
CSV = "姓名,工号\n王示例,1001\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (PNG, "png"),
        (JPEG, "jpeg"),
        (workbook(), "xlsx"),
        (DOCX, "docx"),
        (CSV.encode(), "csv"),
        (CSV.encode("utf-8-sig"), "csv"),
        (CSV.encode("gb18030"), "csv"),
        (CSV.encode("utf-16"), "csv"),
        (CSV.replace("\n", "\r\n").encode(), "csv"),
    ],
    ids=[
        "pdf",
        "png",
        "jpeg",
        "xlsx",
        "docx",
        "csv",
        "csv with mark",
        "csv of Windows",
        "csv of Excel",
        "csv with line ends",
    ],
)
@pytest.mark.parametrize("name", ["a.pdf", "a.exe", "a"])
def test_the_kind_is_the_contents_whatever_the_name(content: bytes, kind: str, name: str) -> None:
    assert files.examine(upload(content, name), EVERY) == kind


@pytest.mark.parametrize(
    ("content", "kinds", "code"),
    [
        (b"", EVERY, "file_empty"),
        (b"MZ\x90\0" + b"\0" * 99, EVERY, "file_kind_not_allowed"),
        (b"<html><script>alert(1)</script>", files.USUAL, "file_kind_not_allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", files.USUAL, "file_kind_not_allowed"),
        (b"GIF89a" + b"\0" * 99, EVERY, "file_kind_not_allowed"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 99, EVERY, "file_kind_not_allowed"),
        (b" " + PDF, files.USUAL, "file_kind_not_allowed"),
        (PDF, ("png",), "file_kind_not_allowed"),
        (workbook(), files.USUAL, "file_kind_not_allowed"),
        (workbook(), ("docx",), "file_kind_not_allowed"),
        (CSV.encode(), ("xlsx",), "file_kind_not_allowed"),
        (CSV.encode("utf-16-le"), EVERY, "file_kind_not_allowed"),
        (b"\xff\xfe\xfd" * 9, EVERY, "file_kind_not_allowed"),
        (OLE, files.USUAL, "file_kind_not_allowed"),
        (OLE, OFFICE, "file_old_office"),
        (zipped({"a.txt": b"a"}), EVERY, "file_kind_not_allowed"),
        (zipped({BOOK: b"a"}), EVERY, "file_kind_not_allowed"),
        (zipped({TYPES: b"", BOOK: b"a", TEXT: b"b"}), EVERY, "file_kind_not_allowed"),
        (b"PK\x03\x04" + b"\0" * 99, EVERY, "file_unsound"),
        (workbook()[:-30], EVERY, "file_unsound"),
        (workbook(xl__vbaProject=b"", **{"xl__vbaProject.bin": b"x"}), EVERY, "file_has_macros"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_a_sentence(
    content: bytes, kinds: tuple[str, ...], code: str
) -> None:
    with pytest.raises(Denied) as refused:
        files.examine(upload(content), kinds)
    assert refused.value.denial.code == code
    assert str(refused.value.denial).endswith("。")
    assert refused.value.denial.status == 422


def test_the_refusal_names_what_may_be_sent() -> None:
    with pytest.raises(Denied, match="PDF、PNG、JPEG"):
        files.examine(upload(b"no"))


def test_the_largest_file_is_kept_and_one_byte_more_is_not() -> None:
    assert files.examine(upload(PDF + b"\0" * (MOST_BYTES - len(PDF)))) == "pdf"
    with pytest.raises(Denied, match="20 MB"):
        files.examine(upload(PDF + b"\0" * (MOST_BYTES + 1 - len(PDF))))


# Bombs and lies


def refused(content: bytes) -> bool:
    try:
        files.examine(upload(content, "a.xlsx"), OFFICE)
    except Denied as denied:
        assert denied.denial.code == "file_unsound"
        return True
    return False


def book_with(content: bytes, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    return zipped({TYPES: b"<Types/>", BOOK: b"<workbook/>", "xl/worksheets/sheet1.xml": content}, how)


def lying(content: bytes, says: int) -> bytes:
    """The zip with the last part's unpacked size in the central directory changed, and its checksum made to fit."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", says) + content[at + 28 :]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refused(book_with(b"\0" * (2 * 1024 * 1024)))
    assert not refused(book_with(b"<c/>" * 200_000))


def test_too_much_unpacked_is_refused_whatever_its_ratio(monkeypatch) -> None:
    monkeypatch.setattr(files, "MOST_RATIO", 10**6)
    monkeypatch.setattr(files, "MOST_UNPACKED", 3_000_000)
    assert not refused(book_with(b"0" * 2_000_000))
    assert refused(book_with(b"0" * 3_000_000))


@pytest.mark.parametrize("says", [1000, 1, 0, 100_001, 99_999])
def test_a_part_that_says_another_size_than_it_has_is_refused(says: int) -> None:
    honest = book_with(b"0123456789" * 10_000)
    assert not refused(lying(honest, 100_000))
    assert refused(lying(honest, says))


def test_a_bomb_that_says_it_is_small_costs_nothing() -> None:
    bomb = lying(book_with(b"\0" * (50 * 1024 * 1024)), 10)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        part = archive.infolist()[-1]
    assert files._unpacked(io.BytesIO(bomb), part) <= 10 + files.CHUNK
    assert refused(bomb)


def test_parts_stored_unpacked_are_fine_and_other_packings_are_not() -> None:
    assert not refused(book_with(b"0" * 1000, zipfile.ZIP_STORED))
    assert refused(lying(book_with(b"0" * 1000, zipfile.ZIP_STORED), 999))
    assert refused(book_with(b"0" * 1000, zipfile.ZIP_BZIP2))


def test_a_locked_part_is_refused() -> None:
    content = book_with(b"0" * 1000)
    at = content.rindex(b"PK\x01\x02")
    assert refused(content[: at + 8] + b"\x01\0" + content[at + 10 :])


def test_thousands_of_parts_are_refused() -> None:
    parts = {TYPES: b"", BOOK: b"", **{f"xl/{number}": b"" for number in range(1998)}}
    assert not refused(zipped(parts))
    assert refused(zipped({**parts, "xl/more": b""}))
    lied = bytearray(zipped({**parts, "xl/more": b"", **{f"{'a' * 200}{n}": b"" for n in range(6000)}}))
    end = lied.rindex(b"PK\x05\x06")
    lied[end + 8 : end + 12] = struct.pack("<HH", 5, 5)  # says that it has five
    assert refused(bytes(lied))


def test_a_list_of_parts_beyond_measure_is_not_read(monkeypatch) -> None:
    monkeypatch.setattr(files.zipfile, "ZipFile", lambda *_: pytest.fail("the list was read"))
    content = bytearray(workbook())
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", files.MOST_DIRECTORY + 1)
    assert refused(bytes(content))
    assert refused(workbook()[:-22] + b"PK\x06\x07" + b"\0" * 16 + workbook()[-22:])  # zip64


def test_an_honest_workbook_of_twenty_thousand_rows_is_kept() -> None:
    assert not refused(workbook(20_000))


# Names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("照片.pdf", "照片.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\方案.PDF", "方案.PDF"),
        ("/", "未命名.pdf"),
        ("..", "未命名.pdf"),
        ("", "未命名.pdf"),
        (".pdf", "pdf.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("方案\u202efdp.exe", "方案fdp.exe.pdf"),
        ("\u200b\ufeff a \u3000 b .pdf", "a b.pdf"),
        ('x";filename="y.html', 'x";filename="y.html.pdf'),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("\ud800.pdf", "pdf.pdf"),
    ],
)
def test_names_are_labels(name: str, kept: str) -> None:
    assert files.tidy_name(name, "pdf") == kept


def test_a_picture_keeps_either_ending() -> None:
    assert files.tidy_name("a.JPG", "jpeg") == "a.JPG"
    assert files.tidy_name("a.jpeg", "jpeg") == "a.jpeg"
    assert files.tidy_name("a.png", "jpeg") == "a.png.jpg"


# Keeping


def lying_about(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_file_is_kept_whole_under_its_hash_and_the_row_tells(clerk: User, media: Path) -> None:
    stored = files.keep(upload(PDF, "..\\批复.pdf"), by=clerk)
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert lying_about(media) == [media / sha256[:2] / sha256[2:4] / sha256]
    assert (stored.sha256, stored.name, stored.kind, stored.size) == (sha256, "批复.pdf", "pdf", len(PDF))
    assert stored.uploaded_by == clerk
    with files.opened(StoredFile.objects.get(pk=stored.pk)) as content:
        assert content.read() == PDF
    assert AuditEvent.objects.of(stored).get().verb == "core.keep_file"
    assert not any(path.stat().st_mode & 0o077 for path in [media, *media.rglob("*")])


def test_the_same_content_lies_once_with_a_row_for_each_upload(clerk: User, media: Path) -> None:
    first, second = files.keep(upload(PDF, "a.pdf"), by=clerk), files.keep(upload(PDF, "b.pdf"), by=clerk)
    assert first.pk != second.pk
    assert [first.name, second.name] == ["a.pdf", "b.pdf"]
    assert len(lying_about(media)) == 1


def test_files_from_the_disk_and_made_by_the_site_are_kept_too(clerk: User) -> None:
    on_disk = TemporaryUploadedFile("a.xlsx", "", 0, None)
    on_disk.write(workbook())
    on_disk.size = on_disk.tell()
    assert files.keep(on_disk, by=clerk, kinds=OFFICE).kind == "xlsx"
    assert files.keep(ContentFile(workbook(), "退回.xlsx"), by=None, kinds=OFFICE).name == "退回.xlsx"


def test_what_is_refused_leaves_nothing(clerk: User, media: Path) -> None:
    with pytest.raises(Denied):
        files.keep(upload(b"no"), by=clerk)
    assert not StoredFile.objects.exists()
    assert not media.exists()


def test_a_disk_that_fails_in_the_middle_leaves_nothing(clerk: User, media: Path, monkeypatch) -> None:
    def full(_number: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        files.keep(upload(PDF), by=clerk)
    assert lying_about(media) == []
    assert not StoredFile.objects.exists()


def test_a_changed_or_lost_content_is_never_handed_out(clerk: User) -> None:
    stored = files.keep(upload(PDF), by=clerk)
    place = files.place_of(stored.sha256)
    assert files.damaged() == []
    place.chmod(0o600)
    place.write_bytes(PDF.replace(b"1.7", b"1.6"))
    with pytest.raises(Denied, match="已被改动"):
        files.answer(stored)
    assert files.damaged() == [stored]
    place.unlink()
    with pytest.raises(Denied, match="找不到"):
        files.opened(stored)
    assert files.damaged() == [stored]
    files.keep(upload(PDF), by=clerk)
    assert files.damaged() == []


def test_the_row_is_only_added_and_only_under_a_verb(clerk: User) -> None:
    stored = files.keep(upload(PDF), by=clerk)
    with pytest.raises(IntegrityError, match="change_without_a_verb"), transaction.atomic():
        StoredFile.objects.create(sha256=stored.sha256, name="a", kind="pdf", size=1)
    for sql in ("UPDATE core_storedfile SET name = 'b'", "DELETE FROM core_storedfile"):
        # The application's role has no such right; the trigger refuses the owner's too.
        refused = pytest.raises(DatabaseError, match=r"append_only|permission denied")
        with refused, acting("core.test", None), connection.cursor() as cursor:
            cursor.execute(sql)


# Answering


def test_an_answer_is_a_download_in_a_sandbox(clerk: User) -> None:
    answer = files.answer(files.keep(upload(PDF, "批复 “一”.pdf"), by=clerk))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%89%B9%E5%A4%8D%20%E2%80%9C%E4%B8%80%E2%80%9D.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in answer["Cache-Control"]
    assert int(answer["Content-Length"]) == len(PDF)
    assert b"".join(answer.streaming_content) == PDF


def test_only_what_is_harmless_is_shown_in_the_page(clerk: User) -> None:
    shown = {
        kind: files.answer(files.keep(upload(content, "a"), by=clerk, kinds=EVERY), inline=True)
        for kind, content in {
            "png": PNG,
            "jpeg": JPEG,
            "pdf": PDF,
            "csv": CSV.encode(),
            "xlsx": workbook(),
        }.items()
    }
    started = {kind: answer["Content-Disposition"].split(";")[0] for kind, answer in shown.items()}
    assert started == {
        "png": "inline", "jpeg": "inline", "pdf": "inline", "csv": "attachment", "xlsx": "attachment",
    }  # fmt: skip
    for answer in shown.values():
        answer.close()


def test_a_name_cannot_break_out_of_its_header(clerk: User) -> None:
    answer = files.answer(files.keep(upload(PDF, 'a"; filename="b.html'), by=clerk))
    assert answer["Content-Disposition"] == 'attachment; filename="a\\"; filename=\\"b.html.pdf"'
    answer.close()


def test_the_sandbox_is_not_widened_on_its_way_out(clerk: User) -> None:
    stored = files.keep(upload(PNG), by=clerk)
    through = middleware.ContentSecurityPolicy(lambda _request: files.answer(stored, inline=True))
    answer = through(RequestFactory().get("/"))
    assert answer["Content-Security-Policy"] == files.SANDBOX
    answer.close()
    assert middleware.ContentSecurityPolicy(lambda _request: HttpResponse())(RequestFactory().get("/"))[
        "Content-Security-Policy"
    ] == (middleware.POLICY)


# The form, and how much may come in


class LetterForm(PlainForm):
    letter = UploadField(label="批复")
    picture = UploadField(label="照片", kinds=("png", "jpeg"), required=False)


def test_a_form_with_a_file_is_multipart_and_offers_what_it_takes() -> None:
    form = LetterForm()
    assert form.is_multipart()
    assert 'accept=".pdf,.png,.jpg,.jpeg"' in str(form["letter"])
    assert 'accept=".png,.jpg,.jpeg"' in str(form["picture"])
    assert str(form["letter"].help_text) == "PDF、PNG、JPEG，不超过 20 MB。"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "请选择批复。"),
        (b"", "这个文件是空的，请重新选择文件。"),
        (b"no", "不支持这种文件，请上传以下格式：PDF、PNG、JPEG。系统按文件内容判断，改扩展名无效。"),
    ],
)
def test_a_form_says_what_is_wrong_with_the_file(content: bytes | None, sentence: str) -> None:
    form = LetterForm({}, {} if content is None else {"letter": upload(content)})
    assert form.errors == {"letter": [sentence]}


def test_a_form_hands_over_the_upload_from_its_beginning() -> None:
    form = LetterForm({}, {"letter": upload(PDF)})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["letter"].read() == PDF
    assert form.cleaned_data["picture"] is None


@pytest.mark.parametrize(
    ("signed_in", "content_type", "megabytes", "status"),
    [
        (True, "multipart/form-data; boundary=x", 20.9, 200),
        (True, "multipart/form-data; boundary=x", 21.1, 413),
        (True, "application/x-www-form-urlencoded", 10.1, 413),
        (True, "application/json", 10.1, 413),
        (False, "multipart/form-data; boundary=x", 10.1, 413),
        (False, "multipart/form-data; boundary=x", 9.9, 200),
    ],
)
def test_a_form_with_a_file_may_be_larger_for_who_is_signed_in(
    signed_in, content_type, megabytes, status
) -> None:
    request = RequestFactory().post("/", b"x", content_type=content_type)
    request.META["CONTENT_LENGTH"] = str(int(megabytes * 1024 * 1024))
    request.user = SimpleNamespace(is_authenticated=signed_in)
    answer = middleware.BodySizeMiddleware(lambda _request: HttpResponse())(request)
    assert answer.status_code == status
    if status == 413:
        assert ("21 MB" if megabytes > 21 else "10 MB") in answer.content.decode()
