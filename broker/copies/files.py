"""A backup as one file: a ZIP with a description and the database's own copy in it."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from broker.copies.content import Content, TableContent
from broker.copies.hearing import Hear, nobody
from broker.errors import NotPossible

DESCRIPTION = "backup.json"
LAYOUT = 1
AT_ONCE = 1024 * 1024


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself. `kind`: sqlite or postgresql. `made_at`: ISO 8601, UTC."""

    kind: str
    schema: str
    made_at: str
    content: Content
    inside: str
    sha256: str
    layout: int = LAYOUT

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.content.values())


def sum_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def pack(backup: Backup, copy: Path, into: Path, hear: Hear = nobody) -> None:
    """Write the file whole or not at all; only its owner may read it."""
    part = into.with_name(f"{into.name}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as opened:
        with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as whole:
            whole.writestr(DESCRIPTION, json.dumps(asdict(backup), indent=1))
            _write_into(whole, backup.inside, copy, hear)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(into)


def _write_into(whole: zipfile.ZipFile, name: str, copy: Path, hear: Hear) -> None:
    described = zipfile.ZipInfo.from_file(copy, name)
    described.compress_type = zipfile.ZIP_DEFLATED
    done = 0
    with copy.open("rb") as given, whole.open(described, "w") as inside:
        while block := given.read(AT_ONCE):
            inside.write(block)
            done += len(block)
            hear(100 * done // max(described.file_size, done))


def read(file: Path) -> Backup:
    """What the file says of itself; NotPossible, in words, when it is no backup of this kind."""
    try:
        with zipfile.ZipFile(file) as whole:
            said = json.loads(whole.read(DESCRIPTION))
    except FileNotFoundError:
        raise NotPossible(f"There is no file {file}.") from None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, zlib.error):
        raise NotPossible(f"{file} is not a backup of Support Exchange, or is damaged.") from None
    if not isinstance(said, dict) or said.get("layout") != LAYOUT:
        raise NotPossible(f"{file} was made by another version of this command.")
    try:
        content = {name: TableContent(**one) for name, one in said.pop("content").items()}
        return Backup(content=content, **said)
    except (TypeError, AttributeError, KeyError):
        raise NotPossible(f"{file} is not a backup of Support Exchange, or is damaged.") from None


def unpack(backup: Backup, file: Path, into: Path) -> Path:
    """The database's own copy, proved to be as it was written."""
    copy = into / "copy"
    try:
        with zipfile.ZipFile(file) as whole, whole.open(backup.inside) as inside:
            _write(inside, copy)
    except (KeyError, EOFError, zipfile.BadZipFile, zlib.error) as mistake:
        raise NotPossible(f"{file} is damaged: {mistake}. Use another backup.") from None
    if sum_of(copy) != backup.sha256:
        raise NotPossible(f"{file} is damaged: its sums differ. Use another backup.")
    return copy


def _write(inside: IO[bytes], into: Path) -> None:
    with into.open("wb") as opened:
        while block := inside.read(AT_ONCE):
            opened.write(block)
