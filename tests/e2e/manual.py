"""The commands of the pages of the manual, as their readers would type them."""

import pathlib
import re
import shlex

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs"


def example(page, section="", **replaced):
    """The arguments of the first one; `section` is a heading ("## Destination"), `replaced` gives other values to flags: source_uri="…"."""
    arguments = examples(page, section)[0]
    for flag, value in replaced.items():
        arguments[arguments.index("--" + flag.replace("_", "-")) + 1] = value
    return arguments


def examples(page, section=""):
    """The arguments of each, in their order."""
    text = (PAGES / f"{page}.md").read_text()
    blocks = re.findall(r"^    ingestr (ingest .*?)\n\n", text[text.index(section):], re.MULTILINE | re.DOTALL)
    return [shlex.split(block.replace("\\\n", " ")) for block in blocks]


def flag(arguments, name):
    return arguments[arguments.index(name) + 1]
