"""A file to choose."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from broker.fields.drawn import DrawnField


class FileField(DrawnField):
    """One file. Data: its bytes; `file_name`: what it was called. Must be chosen again on a 422."""

    component = "file-upload"
    missing = "Choose a file for {}"
    file_name = ""
    endings = (".csv", ".xlsx", ".ods")

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(None, *args, **kwargs)
        if formdata is None:
            return
        given = request.files.get(self.name)
        if not isinstance(given, FileStorage) or not given.filename:
            self.process_errors.append(self.says_missing())
            return
        if not given.filename.lower().endswith(self.endings):
            self.process_errors.append(f"Choose a file whose name ends in {or_list(self.endings)}")
            return
        self.file_name, self.data = given.filename, given.read()


def or_list(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
