"""From the bytes of a file to its text: what is no text is refused in a sentence, by its first bytes, unopened."""

import codecs
import re

from playground.limits import TABLE_BYTES

SIGNATURES = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"BZh": "a compressed file (bzip2)",
    b"\xfd7zXZ": "a compressed file (xz)",
    b"\x28\xb5\x2f\xfd": "a compressed file (zstandard)",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
    b"\x93NUMPY": "a NumPy array",
    b"\x7fELF": "a program",
}
MARKS = {  # the longer ones first: UTF-32's begins as UTF-16's
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{"\]\d-])')
HTML = re.compile(r"\s*<(!doctype|html|\?xml|table)\b", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
EMPTY = "This is empty: a table needs a row of names and at least two rows of values."
SAVE = "save the table as CSV in UTF-8 and choose that file"


class TableError(ValueError):
    """One sentence: what is wrong with a table, where, and what to do."""


def decoded(data: bytes | str) -> tuple[str, str]:
    """The text of a file, and the encoding it was in; a text stays as it is. Raises TableError for what is no table."""
    if len(data) > TABLE_BYTES:
        raise TableError(f"This is larger than the {TABLE_BYTES // 2**20} MB that can be read: cut the table.")
    text, encoding = _text(data) if isinstance(data, bytes) else (data.encode("utf-8", "replace").decode(), "utf-8")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise TableError(EMPTY)
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise TableError(f"This is no text: line {line:,} holds the control character {ord(found[0])}; {SAVE}.")
    for pattern, what in ((JSON, "JSON"), (HTML, "HTML or XML")):
        if pattern.match(text):
            raise TableError(f"This is {what}, not a table: {SAVE}.")
    return text, encoding


def _text(data: bytes) -> tuple[str, str]:
    for signature, what in SIGNATURES.items():
        if data.startswith(signature):
            raise TableError(f"This is {what}, not a table in text: {SAVE}.")
    for encoding in _likely(data):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise TableError(f"This is no text in an encoding that could be recognised: {SAVE}.")


def _likely(data: bytes) -> list[str]:
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return [encoding]
    start = data[:2000]
    if start[1::2].count(0) > len(start) / 4:  # Latin letters in two bytes each: every other byte is 0
        return ["utf-16-le"]
    if start[::2].count(0) > len(start) / 4:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]
