"""Takes JSON apart without changing a character: values stay the text that was sent."""

import json
from json.decoder import scanstring

_DECODER = json.JSONDecoder()
_SPACE = " \t\r\n"


def _skip_space(text, at):
    while text[at] in _SPACE:
        at += 1
    return at


def _value(text, at):
    """The text of the value that starts at `at`, and the place behind it."""
    _, end = _DECODER.raw_decode(text, at)
    return text[at:end], end


def members(text):
    """The members of a JSON object: decoded key -> text of the value."""
    found = {}
    at = _skip_space(text, text.index("{") + 1)
    while text[at] != "}":
        key, at = scanstring(text, at + 1)
        at = _skip_space(text, text.index(":", at) + 1)
        found[key], at = _value(text, at)
        at = _behind_comma(text, at)
    return found


def elements(text):
    """The texts of the elements of a JSON array."""
    found = []
    at = _skip_space(text, text.index("[") + 1)
    while text[at] != "]":
        element, at = _value(text, at)
        found.append(element)
        at = _behind_comma(text, at)
    return found


def _behind_comma(text, at):
    at = _skip_space(text, at)
    return _skip_space(text, at + 1) if text[at] == "," else at
