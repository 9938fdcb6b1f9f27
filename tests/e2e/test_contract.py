"""Each test that tests/CONTRACT.md names is in the tree, and no number is left out."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def rows():
    """Number -> names of tests."""
    lines = (ROOT / "tests" / "CONTRACT.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| [GHR]\d", line)]
    return {row[0].split()[0]: re.findall(r"`(test_\w+::\w+|[A-Z]\w+\.\w+)`", " ".join(row[1:])) for row in cells}


def names_in_the_tree():
    names = set()
    for path in [*(ROOT / "src").rglob("*_test.cc"), *(ROOT / "tests").rglob("*.cc")]:
        names |= {f"{suite}.{name}" for suite, name in re.findall(r"^TEST\w*\((\w+),\s*(\w+)\)", path.read_text(), re.MULTILINE)}
    for path in (ROOT / "tests" / "e2e").glob("test_*.py"):
        names |= {f"{path.stem}::{name}" for name in re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE)}
    return names


def test_every_number_has_a_test():
    assert list(rows()) == [f"G{i}" for i in range(1, 31)] + [f"H{i}" for i in range(1, 22)] + [f"R{i}" for i in range(1, 17)]
    assert [number for number, tests in rows().items() if not tests] == []


def test_tests_are_named_in_full():
    """A file alone would be no test, and nobody would miss it."""
    words = re.findall(r"`(test_[^`]*)`", (ROOT / "tests" / "CONTRACT.md").read_text())
    assert [word for word in words if not re.fullmatch(r"test_\w+::test_\w+", word)] == []


def test_every_test_is_there():
    known = names_in_the_tree()
    assert {number: missing for number, tests in rows().items() if (missing := [name for name in tests if name not in known])} == {}
