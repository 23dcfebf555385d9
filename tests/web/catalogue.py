"""The texts of the interface, as they stand in templates and code."""

from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir

import isocourse.web

HERE = Path(isocourse.web.__file__).parent
METHODS = [("api/**.py", "ignore"), ("**.py", "python"), ("templates/**.html", "jinja2")]
FIRST: dict[str, tuple[int, ...] | None] = dict.fromkeys(
    (
        "_",
        "speech",
        "to_say",
        "NotUnderstoodError",
        "RefusalError",
        "NotAllowedError",
        "NotSignedInError",
        "TooOftenError",
    ),
    (1,),
)
COUNTED: dict[str, tuple[int, ...] | None] = {"count": (1, 2), "counted": (1, 2)}


@cache
def messages() -> tuple[str | tuple[str, str], ...]:
    """Every text that a page may say, each once; a text with a count as its two English forms."""
    found = (
        (text[0], text[1]) if isinstance(text, tuple) else text
        for _, _, text, _, _ in extract_from_dir(str(HERE), METHODS, keywords=FIRST | COUNTED)
    )
    return tuple(dict.fromkeys(text for text in found if text))
