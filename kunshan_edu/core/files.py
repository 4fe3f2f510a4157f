"""附件: what is uploaded, judged by its content before anything parses it, kept once under its sha256, and served.

There is no address for files as such: the view of the row that a file belongs to answers it with `answer`, after
`visible_to` has found that row. A sealed file holds data of people that the house keeps elsewhere: its content lies
encrypted by FIELD_KEYS, and `discard` deletes it when its time is over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext

from kunshan_edu.core import clock
from kunshan_edu.core.changes import acting, add, record
from kunshan_edu.core.ciphers import CipherError, decrypt_bytes, encrypt_bytes
from kunshan_edu.core.denials import GONE, INVALID, Denial, Denied, _
from kunshan_edu.core.models import MOST_BYTES, FileKind, StoredFile

CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.CSV: "text/csv",
}
SUFFIXES: dict[FileKind, tuple[str, ...]] = {kind: (f".{kind}",) for kind in FileKind}
SUFFIXES[FileKind.JPEG] = (".jpg", ".jpeg")
# What a browser may show by itself; everything else is handed out as a download, whatever is asked.
SHOWN = {FileKind.PDF, FileKind.PNG, FileKind.JPEG}
USUAL = (FileKind.PDF, FileKind.PNG, FileKind.JPEG)
SHEETS = (FileKind.XLSX, FileKind.CSV)
# A served file is nobody's page: no script, no form, an origin of its own.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"

LONGEST_NAME = 120
DISCARD = "core.discard_file"
UNNAMED = "未命名"  # stored as the name of a file that comes without one
CHUNK = 1 << 16
SIGNATURES = (
    (b"%PDF-", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
)
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An Office file is a zip of some dozen parts; what is beyond these has no honest reason.
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2000, 200 * 1024 * 1024, 100
RATIO_COUNTS_FROM = 1024 * 1024  # small parts of repeated markup pack better than 1 : 100 and harm nobody
MOST_DIRECTORY = MOST_PARTS * 512
PARTS = {"xl/workbook.xml": FileKind.XLSX, "word/document.xml": FileKind.DOCX}
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

EMPTY = Denial("file_empty", _("这个文件是空的，请重新选择文件。"), status=INVALID)
TOO_LARGE = Denial("file_too_large", _("文件超过 20 MB，请压缩或拆分后上传。"), status=INVALID)
OLD_OFFICE = Denial(
    "file_old_office",
    _("旧版 Office 文件（.xls、.doc）和加了密码的文件不能上传，请另存为不加密的 .xlsx 或 .docx 文件。"),
    status=INVALID,
)
UNSOUND = Denial(
    "file_unsound", _("这个文件已损坏或打包方式异常，请用 Excel 或 Word 另存一份后上传。"), status=INVALID
)
MACROS = Denial("file_has_macros", _("文件里含有宏，请另存为不含宏的文件后上传。"), status=INVALID)
OVER = Denial("file_over", _("该文件已过保存期限，内容已按规定删除；需要时请重新上传。"), status=GONE)
LOST = Denial("file_lost", _("该附件的内容找不到或已被改动，不能打开，请联系系统管理员。"), status=GONE)


def _not_allowed(kinds: Iterable[str]) -> Denial:
    words = gettext("、").join(FileKind(kind).label for kind in kinds)
    sentence = _("不支持这种文件，请上传以下格式：%(kinds)s。系统按文件内容判断，改扩展名无效。")
    return Denial("file_kind_not_allowed", sentence, status=INVALID, params={"kinds": words})


def tidy_name(name: str, kind: str) -> str:
    """The last part of a file name without control, invisible and direction-turning characters, ending as its kind."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    plain = "".join(" " if char.isspace() else char for char in last)
    kept = "".join(char for char in plain if unicodedata.category(char)[0] != "C")
    kept = " ".join(kept.split()).strip(". ") or UNNAMED
    endings = SUFFIXES[FileKind(kind)]
    stem = kept[: -len(Path(kept).suffix)] if kept.lower().endswith(endings) else kept
    ending = kept[len(stem) :] or endings[0]
    return stem[: LONGEST_NAME - len(ending)].rstrip(". ") + ending


# What it is


def _directory_is_small(file: IO[bytes], size: int) -> bool:
    """Whether the zip's own list of parts is short enough to be read at all; zip64 has no reason in 20 MB."""
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22 or b"PK\x06\x07" in tail:
        return False
    parts, length = (
        int.from_bytes(tail[at + 10 : at + 12], "little"),
        int.from_bytes(tail[at + 12 : at + 16], "little"),
    )
    return parts <= MOST_PARTS and length <= MOST_DIRECTORY


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> int:
    """How many bytes the part really unpacks to, at most one more than it says; what it says may be a lie."""
    file.seek(part.header_offset)
    head = file.read(30)
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), os.SEEK_CUR)
    packed, found, unpacker = part.compress_size, 0, zlib.decompressobj(-zlib.MAX_WBITS)
    if part.compress_type == zipfile.ZIP_STORED:
        return packed
    while found <= part.file_size and not unpacker.eof:
        data = unpacker.unconsumed_tail
        if not data:
            data = file.read(min(CHUNK, packed))
            packed -= len(data)
        some = unpacker.decompress(data, CHUNK)
        if not data and not some:
            break
        found += len(some)
    return found


def _is_sound(file: IO[bytes], parts: list[zipfile.ZipInfo]) -> bool:
    """Whether the zip is what it says, and small enough when unpacked."""
    total = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED:
        return False
    if total > RATIO_COUNTS_FROM and total > MOST_RATIO * packed:
        return False
    honest = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    plain = all(part.compress_type in honest and not part.flag_bits & 1 for part in parts)
    return plain and all(_unpacked(file, part) == part.file_size for part in parts)


def _office_kind(file: IO[bytes], size: int) -> FileKind | None:
    """xlsx or docx, None for another zip; `Denied` for one that is a bomb, broken, or brings macros."""
    if not _directory_is_small(file, size):
        raise Denied(UNSOUND)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
        if not _is_sound(file, parts):
            raise Denied(UNSOUND)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError) as error:
        raise Denied(UNSOUND) from error
    names = {part.filename for part in parts}
    if any(name.rpartition("/")[2].casefold() == "vbaproject.bin" for name in names):
        raise Denied(MACROS)
    kinds = [kind for name, kind in PARTS.items() if name in names]
    return kinds[0] if "[Content_Types].xml" in names and len(kinds) == 1 else None


def _is_text(content: bytes) -> bool:
    """Whether this is text as spreadsheets write it: UTF-8, GB 18030 on Chinese Windows, or UTF-16 with its mark."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return not NOT_TEXT.search(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False


def _kind_of(file: IO[bytes], size: int, kinds: tuple[str, ...]) -> FileKind | None:
    file.seek(0)
    head = file.read(8)
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    offices = {FileKind.XLSX, FileKind.DOCX} & {FileKind(kind) for kind in kinds}
    if offices and head.startswith(OLE):
        raise Denied(OLD_OFFICE)
    if offices and head.startswith(ZIP):
        return _office_kind(file, size)
    if FileKind.CSV in kinds and not head.startswith((ZIP, OLE)):
        file.seek(0)
        return FileKind.CSV if _is_text(file.read()) else None
    return None


def examine(upload: Any, kinds: Iterable[str] = USUAL) -> FileKind:
    """The kind of an upload by its content; `Denied` when it is empty, too large, unsound or of another kind."""
    kinds = tuple(kinds)
    if not upload.size:
        raise Denied(EMPTY)
    if upload.size > MOST_BYTES:
        raise Denied(TOO_LARGE)
    kind = _kind_of(upload, upload.size, kinds)
    upload.seek(0)
    if kind is None or kind not in kinds:
        raise Denied(_not_allowed(kinds))
    return kind


# Where it lies


SEALED = "sealed"  # the folder of sealed contents, apart from those that stay
SETTLED = dt.timedelta(
    hours=1
)  # a content that was written since then may belong to a row that is not there yet


def place_of(sha256: str, *, sealed: bool = False) -> Path:
    """Where content with this hash lies, under MEDIA_ROOT."""
    root = Path(settings.MEDIA_ROOT)
    return (root / SEALED if sealed else root) / sha256[:2] / sha256[2:4] / sha256


def _bound_to(sha256: str) -> str:
    """What a sealed content is bound to: one put in another's place does not open."""
    return f"core_storedfile.{sha256}"


def _blocks(file: Any) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(CHUNK):
        yield block


def _settle(folder: Path) -> None:
    """Have a folder's new entry on the disk, so that a row never outlives a power cut without its content."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _write(file: Any, *, sealed: bool) -> tuple[str, int]:
    """The content under its hash, whole or not at all; (sha256, size), both of the content in clear."""
    digest, size = hashlib.sha256(), 0
    for block in _blocks(file):
        digest.update(block)
        size += len(block)
    sha256 = digest.hexdigest()
    file.seek(0)
    content = [encrypt_bytes(file.read(), _bound_to(sha256))] if sealed else _blocks(file)
    _lay_down(content, place_of(sha256, sealed=sealed))
    return sha256, size


def _lay_down(blocks: Iterable[bytes], place: Path) -> None:
    """The same content again: the same place, and a damaged copy is mended."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = tempfile.NamedTemporaryFile(dir=root, prefix="draft-", delete=False)  # noqa: SIM115 - renamed below
    try:
        with draft:
            for block in blocks:
                draft.write(block)
            draft.flush()
            os.fsync(draft.fileno())
        for folder in reversed(place.parents[: place.parents.index(root)]):
            folder.mkdir(mode=0o700, exist_ok=True)
        Path(draft.name).replace(place)
        _settle(place.parent)
    except BaseException:
        Path(draft.name).unlink(missing_ok=True)
        raise


def keep(
    upload: Any,
    *,
    by: Any,
    kinds: Iterable[str] = USUAL,
    verb: str = "core.keep_file",
    days: int | None = None,
) -> StoredFile:
    """Keep an upload: its content once by hash, and a row with its name; `Denied` when it may not be kept.

    upload: what a form's `UploadField` gives, or any Django `File`. days: of one that is sealed, how long it is kept.
    Content whose row was rolled back stays and harms nobody; a sealed one goes in its time.
    """
    kind = examine(upload, kinds)
    sha256, size = _write(upload, sealed=days is not None)
    name, until = tidy_name(upload.name or "", kind), None if days is None else _in_days(days)
    facts: dict[str, Any] = {"sha256": sha256, "name": name, "kind": kind, "size": size}
    return add(StoredFile(**facts, uploaded_by=by, kept_until=until), verb, by=by)


def _in_days(days: int) -> dt.datetime:
    return clock.now() + dt.timedelta(days=days)


def opened(stored: StoredFile) -> BinaryIO:
    """The content, open for reading, after its hash was found to be the one that was kept; else `Denied`."""
    if stored.is_over:
        raise Denied(OVER)
    return _unsealed(stored) if stored.is_sealed else _as_it_lies(stored)


def _unsealed(stored: StoredFile) -> BinaryIO:
    try:
        content = place_of(stored.sha256, sealed=True).read_bytes()
        clear = decrypt_bytes(content, _bound_to(stored.sha256))
    except (OSError, CipherError) as error:
        raise Denied(LOST) from error
    if hashlib.sha256(clear).hexdigest() != stored.sha256:
        raise Denied(LOST)
    return io.BytesIO(clear)


def _as_it_lies(stored: StoredFile) -> BinaryIO:
    try:
        file = place_of(stored.sha256).open("rb")
    except OSError as error:
        raise Denied(LOST) from error
    if hashlib.file_digest(file, "sha256").hexdigest() != stored.sha256:
        file.close()
        raise Denied(LOST)
    file.seek(0)
    return file


def damaged() -> list[StoredFile]:
    """The files whose content is gone or was changed on the disk; reads all of them whose time is not over."""
    found = []
    for stored in StoredFile.objects.exclude(kept_until__lte=clock.now()).order_by("sha256", "id").iterator():
        try:
            opened(stored).close()
        except Denied:
            found.append(stored)
    return found


def discard() -> int:
    """Delete the sealed contents whose time is over; how many. Hash, size and name stay, and the audit tells."""
    folder = Path(settings.MEDIA_ROOT) / SEALED
    return sum(_discarded(place) for place in sorted(folder.glob("*/*/*")))


def _discarded(place: Path) -> bool:
    """Is this content nobody's any more? Then it is gone."""
    since = clock.now() - dt.datetime.fromtimestamp(place.stat().st_mtime, dt.UTC)
    stored = (
        StoredFile.objects.filter(sha256=place.name, kept_until__isnull=False).order_by("kept_until").last()
    )
    if since < SETTLED or (stored is not None and not stored.is_over):
        return False
    if stored is not None:
        with acting(DISCARD, None):
            told = {"sha256": [stored.sha256, None], "size": [stored.size, None]}
            record(stored, DISCARD, by=None, difference=told)
    place.unlink(missing_ok=True)
    return True


def answer(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as an answer: its own content type, never sniffed, sandboxed, under its name. inline: shown in the page
    if browsers can. The view has found before that the reader may see the row it belongs to."""
    response = FileResponse(
        opened(stored),
        as_attachment=not (inline and stored.kind in SHOWN),
        filename=stored.name,
        content_type=CONTENT_TYPES[FileKind(stored.kind)],
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
