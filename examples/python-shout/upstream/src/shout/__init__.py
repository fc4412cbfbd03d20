"""Turns quiet text into loud text."""

import re

__all__ = ["shout"]

_END = re.compile(r"[.!]*\s*$")


def shout(text: str, marks: int = 1) -> str:
    """Return TEXT in capitals, ended by MARKS exclamation marks.

    >>> shout("well done.", marks=2)
    'WELL DONE!!'
    """
    if marks < 0:
        raise ValueError(f"cannot put {marks} exclamation marks")
    return _END.sub("", text.upper()) + "!" * marks
