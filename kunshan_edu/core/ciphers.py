"""加密字段: text that the database never sees in the clear, and keyed hashes to find and compare it by.

A stored value is `key id:base64(nonce, ciphertext, tag)`, AES-256-GCM, bound to its table and column, so that a value
copied into another column does not open. Keys come from FIELD_KEYS: the first encrypts, all of them decrypt, and the
last one keys the hashes, which must stay the same when a new key is put in front.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import re
from functools import lru_cache
from typing import Any, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.functions import Cast

NONCE = 12
LEAST_KEY = 32
_KEY = re.compile(r"(?P<id>[A-Za-z0-9_-]{1,20}):(?P<key>[A-Za-z0-9+/_=-]+)")


class CipherError(Exception):
    """A stored value does not open: its key is not among FIELD_KEYS, or it was changed or moved."""


def _derive(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master)


class Ring:
    """The keys of one FIELD_KEYS setting, as ciphers made once."""

    def __init__(self, text: str) -> None:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        masters = dict(self._read(part) for part in parts)
        if not masters or len(masters) < len(parts):
            raise ImproperlyConfigured("FIELD_KEYS is id:base64, separated by commas, each id once.")
        self.current = next(iter(masters))
        self.ciphers = {name: AESGCM(_derive(key, "field encryption")) for name, key in masters.items()}
        self._hashing = list(masters.values())[-1]
        self._hash_keys: dict[str, bytes] = {}

    def _read(self, part: str) -> tuple[str, bytes]:
        found = _KEY.fullmatch(part)
        try:
            text = found["key"].translate(str.maketrans("-_", "+/")) if found else ""
            key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            key = b""
        if found is None or len(key) < LEAST_KEY:  # the key itself is not repeated: this ends in a log
            raise ImproperlyConfigured("Each of FIELD_KEYS is id:base64 of at least 32 random bytes.")
        return found["id"], key

    def hash_key(self, purpose: str) -> bytes:
        if purpose not in self._hash_keys:
            self._hash_keys[purpose] = _derive(self._hashing, f"keyed hash: {purpose}")
        return self._hash_keys[purpose]


@lru_cache(maxsize=8)
def _ring(text: str) -> Ring:
    return Ring(text)


def ring() -> Ring:
    """The keys that the settings name now."""
    return _ring(settings.FIELD_KEYS)


def _close(content: bytes, place: str) -> tuple[str, bytes]:
    """(id of the current key, nonce and ciphertext)."""
    keys, nonce = ring(), os.urandom(NONCE)
    return keys.current, nonce + keys.ciphers[keys.current].encrypt(nonce, content, place.encode())


def _open(name: str, raw: bytes, place: str) -> bytes:
    cipher = ring().ciphers.get(name)
    if cipher is None:
        raise CipherError(f"{place}: FIELD_KEYS has no key {name[:20]!r}.")
    try:
        return cipher.decrypt(raw[:NONCE], raw[NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise CipherError(f"{place}: a stored value was changed, moved or cut off.") from error


def encrypt(text: str, place: str) -> str:
    """`text` under the current key, to be opened at the same `place` only."""
    name, raw = _close(text.encode(), place)
    return f"{name}:{base64.b64encode(raw).decode()}"


def decrypt(stored: str, place: str) -> str:
    """The text behind a stored value; `CipherError` when it does not open."""
    name, _colon, body = stored.partition(":")
    try:
        raw = base64.b64decode(body, validate=True)
    except ValueError as error:
        raise CipherError(f"{place}: a stored value was changed, moved or cut off.") from error
    return _open(name, raw, place).decode()


def encrypt_bytes(content: bytes, place: str) -> bytes:
    """The same of a whole file, without base64: `key id:nonce, ciphertext, tag`."""
    name, raw = _close(content, place)
    return name.encode() + b":" + raw


def decrypt_bytes(stored: bytes, place: str) -> bytes:
    """The content behind; `CipherError` when it does not open."""
    name, _colon, raw = stored.partition(b":")
    return _open(name.decode(errors="replace"), raw, place)


def keyed_hash(text: str, purpose: str) -> str:
    """HMAC-SHA256 in hex, for a unique or looked-up column beside an encrypted one; another purpose, another hash."""
    return hmac.digest(ring().hash_key(purpose), text.encode(), "sha256").hex()


class EncryptedTextField(models.TextField):
    """A str in Python, ciphertext in the database; "" and None stay. It cannot be searched, ordered or unique.

    The audit trail says that it changed, never what it holds.
    """

    description = "encrypted text"

    @property
    def place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value, self.place) if value else value

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return decrypt(value, self.place) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else self._refuse()

    def get_transform(self, lookup_name: str) -> NoReturn:  # noqa: ARG002 - Django's signature
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise FieldError(
            f"{self.model.__name__}.{self.name} is encrypted: look its rows up by the column of its keyed hash."
        )

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            found.append(
                checks.Error("An encrypted field has no order and no index.", obj=self, id="kg.E001")
            )
        return found


class EncryptedJSONField(EncryptedTextField):
    """The same of lists and dicts of plain values. Nothing is stored as nothing, and read as the default."""

    description = "encrypted JSON"

    def get_prep_value(self, value: Any) -> Any:
        text = json.dumps(value, ensure_ascii=False) if value else ""
        return None if value is None else super().get_prep_value(text)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        text = super().from_db_value(value)
        return json.loads(text) if text else (None if value is None else self.get_default())


def encrypted_fields(model: type[models.Model]) -> list[EncryptedTextField]:
    """The encrypted fields of a model."""
    return [f for f in model._meta.concrete_fields if isinstance(f, EncryptedTextField)]


def reencrypt(model: type[models.Model], *, by: Any = None, batch: int = 2000) -> int:
    """Rewrite under the current key what an older one encrypted; how many rows. Then the older key may go,
    unless it is the last of FIELD_KEYS, which the hashes stand on."""
    from kunshan_edu.core.changes import acting

    fields, prefix = encrypted_fields(model), f"{ring().current}:"
    raw = {f"stored_{f.name}": Cast(f.name, models.TextField()) for f in fields}
    old = models.Q()
    for name in raw:
        old |= ~models.Q(**{f"{name}__startswith": prefix}) & ~models.Q(**{name: ""})
    rows = model._base_manager.alias(**raw).filter(old).order_by("pk")
    done = 0
    while fields:
        with acting("core.reencrypt", by):
            some = list(rows.select_for_update(of=("self",))[:batch])
            model._base_manager.bulk_update(some, [f.name for f in fields])
        done += len(some)
        if len(some) < batch:
            break
    return done


@checks.register
def keys_are_usable(**_: Any) -> list[checks.CheckMessage]:
    """FIELD_KEYS is read at the start, not at the first person who is saved."""
    try:
        ring()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="kg.E002")]
    return []
