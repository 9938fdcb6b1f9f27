"""The first command of a page of the manual, or of one of its sections, as its reader would type it."""

import pathlib
import shlex

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs"


def example(page, section="", **replaced):
    """Its arguments; `section` is a heading ("## Destination"), `replaced` gives other values to flags: source_uri="…"."""
    text = (PAGES / f"{page}.md").read_text()
    begin = text.index("    ingestr ingest", text.index(section))
    block = text[begin:text.index("\n\n", begin)]
    program, *arguments = shlex.split(block.replace("\\\n", " "))
    assert program == "ingestr"
    for flag, value in replaced.items():
        arguments[arguments.index("--" + flag.replace("_", "-")) + 1] = value
    return arguments
