"""What the cells of Excel workbooks are, written by openpyxl or, where it cannot, as XML."""

import datetime
import io
import zipfile

import openpyxl
import openpyxl.utils.datetime
import pytest

import duckdb_file


def book(path, *rows, formats=(), epoch=None):
    """`formats` are of the cells of columns, from the first on."""
    made = openpyxl.Workbook()
    if epoch:
        made.epoch = epoch
    for row in rows:
        made.active.append(row)
    for i, code in enumerate(formats):
        for cell in list(made.active.columns)[i][1:]:
            if code and cell.value is not None:
                cell.number_format = code
    made.save(path)


def patched(path, part, change):
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data.decode()) if name == part else data)


SHEET = "xl/worksheets/sheet1.xml"


def loaded(ingestr, file, uri="xlsx://in.xlsx"):
    ingestr.load(uri, "rows", "--no-load-timestamp")
    types = dict(duckdb_file.columns(file, "rows", "dest"))
    return {name: (types[name], *duckdb_file.column(file, f'SELECT "{name}" FROM dest.rows')) for name in types}


def test_dates_of_the_1904_system(ingestr, folder, file):
    day, noon = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12)
    book(folder / "in.xlsx", ["d", "t"], [day, noon], epoch=openpyxl.utils.datetime.CALENDAR_MAC_1904)
    assert loaded(ingestr, file) == {"d": ("DATE", day), "t": ("TIMESTAMP", noon)}


def test_formats(ingestr, folder, file):
    book(folder / "in.xlsx", ["unit", "took", "clock", "shown"], [1.5, 25.5 / 24, 0.25, 45292.5], [2, 0.5, 0.5, 45293.25],
         formats=['0.0 "h"', "[h]:mm", "h:mm", "h:mm"])
    assert loaded(ingestr, file) == {
        "unit": ("DOUBLE", 1.5, 2.0), "took": ("VARCHAR", "25:30:00", "12:00:00"),
        "clock": ("TIME", datetime.time(6), datetime.time(12)),
        "shown": ("TIMESTAMP", datetime.datetime(2024, 1, 1, 12), datetime.datetime(2024, 1, 2, 6))}


def test_days_that_never_were_are_numbers(ingestr, folder, file):
    book(folder / "in.xlsx", ["leap", "none", "clock"], [59, 1.5, 0.5], [60, 0.5, 0], formats=["yyyy-mm-dd", "yyyy-mm-dd hh:mm", "h:mm"])
    assert loaded(ingestr, file) == {"leap": ("VARCHAR", "1900-02-28", "60"), "none": ("VARCHAR", "1900-01-01 12:00:00", "0.5"),
                                     "clock": ("TIME", datetime.time(12), datetime.time(0))}
    book(folder / "in.xlsx", ["day"], [61], [1.0], formats=["yyyy-mm-dd"])
    assert loaded(ingestr, file) == {"day": ("DATE", datetime.date(1900, 3, 1), datetime.date(1900, 1, 1))}


def test_whole_numbers_and_text_that_looks_like_something(ingestr, folder, file):
    book(folder / "in.xlsx", ["n", "big", "truth", "day", "code"], [1, 10**15 - 1, "true", "2024-01-01", "00123"], [2, 1, "no", "2024-01-02", "5"])
    assert loaded(ingestr, file) == {"n": ("BIGINT", 1, 2), "big": ("BIGINT", 10**15 - 1, 1), "truth": ("VARCHAR", "true", "no"),
                                     "day": ("VARCHAR", "2024-01-01", "2024-01-02"), "code": ("VARCHAR", "00123", "5")}


@pytest.mark.parametrize("rows, cell", [([["id", "name"], [1, "a", "lost"]], "C2"), ([["A title"], [], ["id", "name"], [1, "a"]], "B3")])
def test_a_value_right_of_the_names_is_refused(ingestr, folder, rows, cell):
    book(folder / "in.xlsx", *rows)
    outcome = ingestr.ingest("xlsx://in.xlsx", "rows")
    assert outcome.status == 1
    assert outcome.error().startswith(f'Error: in.xlsx: sheet "Sheet", cell {cell} has a value, but row 1') and f"into {cell[0]}1" in outcome.error()
    before = (folder / "in.xlsx").read_bytes()
    (folder / "more.csv").write_text("id,name\n2,b\n")
    assert ingestr.ingest("csv://more.csv", "rows", "--incremental-strategy", "append", file="xlsx://in.xlsx").status == 1
    assert (folder / "in.xlsx").read_bytes() == before


def test_names_and_lines_without_values(ingestr, folder, file):
    made = openpyxl.Workbook()
    for place, value in (("B2", "x"), ("D2", "X"), ("B3", 1), ("A5", 7), ("D5", "y")):
        made.active[place] = value
    made.active["B9"].number_format = "0.00"
    made.save(folder / "in.xlsx")
    assert loaded(ingestr, file) == {"column_1": ("BIGINT", None, None, 7), "x": ("BIGINT", 1, None, None), "column_3": ("VARCHAR", None, None, None),
                                     "x_2": ("VARCHAR", None, None, "y")}


def test_characters_readings_errors_and_formulas(ingestr, folder, file):
    book(folder / "in.xlsx", ["a", "b", "c", "d"], ["A", "B", "C", "D"])
    cells = ('<c r="A2" t="inlineStr"><is><t>a_x000D_b</t></is></c><c r="B2" t="inlineStr"><is><r><t>東</t></r><r><t>京</t></r>'
             '<rPh sb="0" eb="1"><t>トウ</t></rPh></is></c><c r="C2" t="e"><v>#N/A</v></c><c r="D2"><f>1+1.5</f><v>2.5</v></c>')
    patched(folder / "in.xlsx", SHEET, lambda xml: xml[:xml.index('<c r="A2"')] + cells + xml[xml.index("</row></sheetData>"):])
    assert loaded(ingestr, file) == {"a": ("VARCHAR", "a\rb"), "b": ("VARCHAR", "東京"), "c": ("VARCHAR", "#N/A"), "d": ("DOUBLE", 2.5)}


def test_doubles_as_excel_writes_them(ingestr, folder, file):
    book(folder / "in.xlsx", ["n"], [1], [2])
    patched(folder / "in.xlsx", SHEET, lambda xml: xml.replace("<v>1</v>", "<v>1.1000000000000001</v>").replace("<v>2</v>", "<v>9.9999999999999995E-7</v>"))
    assert loaded(ingestr, file)["n"][0] == "DOUBLE" and loaded(ingestr, file)["n"][1:] == (1.1, 1e-6)


def test_several_workbooks_whose_types_differ(ingestr, folder, file):
    book(folder / "1.xlsx", ["id", "n"], [1, 5])
    book(folder / "2.xlsx", ["N", "ID"], ["x", 2])
    assert loaded(ingestr, file, "xlsx://*.xlsx") == {"id": ("BIGINT", 1, 2), "n": ("VARCHAR", "5", "x")}


def damaged(kind, data):
    if kind == "short":
        return data[:len(data) // 2]
    if kind == "old":
        return b"\xd0\xcf\x11\xe0" + data
    at = data.index(SHEET.encode()) + len(SHEET) + 4
    return data[:at] + bytes(byte ^ 0x55 for byte in data[at:at + 20]) + data[at + 20:]


@pytest.mark.parametrize("kind, word", [("short", "no ZIP archive"), ("old", "Excel 97 to 2003"), ("bytes", "sheet1.xml")])
def test_damaged_workbooks(ingestr, folder, kind, word):
    book(folder / "in.xlsx", ["id"], *([i * 7919 % 1000] for i in range(1000)))
    (folder / "in.xlsx").write_bytes(damaged(kind, (folder / "in.xlsx").read_bytes()))
    outcome = ingestr.ingest("xlsx://in.xlsx", "rows")
    assert outcome.status == 1 and outcome.error().startswith("Error: in.xlsx: ") and word in outcome.error(), outcome.err


@pytest.mark.parametrize("change", [
    lambda xml: xml.replace("</sheetData>", ""), lambda xml: '<!DOCTYPE x [<!ENTITY a "b">]>' + xml[xml.index("<worksheet"):],
    lambda xml: xml.replace('r="A2"', 'r="ZZZZ2"'), lambda xml: xml.replace('<row r="2"', '<row r="9999999"'),
    lambda xml: xml.replace("<sheetData>", "<a>" * 200 + "<sheetData>"), lambda xml: xml.replace("<v>1</v>", "<v>99</v>").replace('r="A2"', 'r="A2" t="s"').replace('t="n"', "")])
def test_damaged_sheets(ingestr, folder, change):
    book(folder / "in.xlsx", ["id"], [1])
    patched(folder / "in.xlsx", SHEET, change)
    outcome = ingestr.ingest("xlsx://in.xlsx", "rows")
    assert outcome.status == 1 and outcome.error().startswith("Error: in.xlsx: it is a damaged workbook: "), outcome.err


def test_a_sheet_that_there_is_not_and_one_that_is_empty(ingestr, folder):
    book(folder / "in.xlsx")
    assert 'has "Sheet"' in ingestr.ingest("xlsx://in.xlsx?sheet=No", "rows").error()
    assert 'sheet "Sheet" is empty' in ingestr.ingest("xlsx://in.xlsx", "rows").error()


def test_a_formula_without_its_result_is_refused(ingestr, folder):
    book(folder / "in.xlsx", ["a", "b"], [1, "=A2*2"])
    outcome = ingestr.ingest("xlsx://in.xlsx", "rows")
    assert outcome.status == 1 and 'sheet "Sheet", cell B2 has a formula without its result; open the workbook and save it' in outcome.error()
    patched(folder / "in.xlsx", SHEET, lambda xml: xml.replace('<c r="B2"><f>', '<c r="B2" t="str"><f>'))
    assert ingestr.ingest("xlsx://in.xlsx", "rows").status == 0   # its result is an empty text
