"""Small files in the publishers' formats, made by hand: a spreadsheet is a packed folder of XML."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[str]]
AREAS = (
    "Overall effectiveness",
    "The impact of leaders on social work practice with children and families",
    "The experiences and progress of children who need help and protection",
    "The experiences and progress of children in care",
    "The experiences and progress of care leavers",
)
OFSTED = ("Local authority name", "Ofsted region", "Web link", "Inspection date",
          "Publication date", *AREAS)  # fmt: skip
OWN = ("code", "published", "inspected", "framework", "kind", "overall", "leaders",
       "help_and_protection", "children_in_care", "care_leavers", "standing", "source",
       "priority_action")  # fmt: skip
OWN_GRADES = 5


def csv_file(*rows: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():  # of one moment: the same bytes whenever it is made
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(rows: Rows, *, sheet: str = "Sheet1", more: dict[str, str | bytes] | None = None) -> bytes:
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}"/>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r0" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship '
            f'Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{lines}'
            f"</sheetData></worksheet>",
            **(more or {}),
        }
    )


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def ods(rows: Rows, *, sheet: str = "Sheet1") -> bytes:
    lines = "".join(f"<table:table-row>{''.join(map(_odf, row))}</table:table-row>" for row in rows)
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OPEN}:manifest:1.0"/>',
            "content.xml": f'<office:document-content xmlns:office="{OPEN}:office:1.0" '
            f'xmlns:table="{OPEN}:table:1.0" xmlns:text="{OPEN}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="{sheet}">{lines}</table:table>'
            f"</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _odf(text: str) -> str:
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(text)}</text:p></table:table-cell>"


def ofsted(*lines: tuple[str, str, str, str], make=ods) -> bytes:
    """Ofsted's table: (name, inspected, published, grade throughout), three rows down."""
    rows = [
        ["Local authority inspections as at 31 March"],
        ["This sheet holds one table."],
        [*OFSTED],
        *([name, "", "", was, out, *[grade] * 5] for name, was, out, grade in lines),
    ]
    return make(rows, sheet="Inspections_as_at_31_March")


def own(*lines: tuple[str, str, str], priority: str = "") -> bytes:
    """The project's own table: (code, published, grade throughout)."""
    rows = (
        [code, out, "", "ILACS", "standard inspection", *[grade] * 5, "official", "", priority]
        for code, out, grade in lines
    )
    return csv_file(OWN, *rows)
