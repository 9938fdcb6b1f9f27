"""The first command of a page of the manual, as its reader would type it."""

import pathlib
import shlex

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs"


def example(page, **replaced):
    """Its arguments; `replaced` gives other values to flags: source_uri="…"."""
    text = (PAGES / f"{page}.md").read_text()
    begin = text.index("    ingestr ingest")
    block = text[begin:text.index("\n\n", begin)]
    program, *arguments = shlex.split(block.replace("\\\n", " "))
    assert program == "ingestr"
    for flag, value in replaced.items():
        arguments[arguments.index("--" + flag.replace("_", "-")) + 1] = value
    return arguments
