"""Words that came from a file or a link, made safe to stand in a sentence: text, never markup."""

import re
from collections.abc import Iterable

# whatever means something in Markdown, HTML or LaTeX; “www.x.y” would become a link, so a point stays between digits
MEANINGFUL = re.compile(r"[^\w .,…+%()=°²³-]|(?<!\d)\.|\.(?!\d)|(?<![^\W_])_|_(?![^\W_])")
LONGEST = 30


def shown(text: object) -> str:
    """The text as a sentence may quote it: one line, at most 30 characters, a dot for every character of meaning."""
    line = " ".join(str(text)[: 4 * LONGEST].split())
    cut = line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
    return MEANINGFUL.sub("·", "".join(letter if letter.isprintable() else "·" for letter in cut))


def unlike(names: Iterable[str]) -> list[str]:
    """The names, those that came before with a number behind: a, a (2), a (3)."""
    given = []
    for wished in names:
        name, again = wished, 1
        while name in given:
            again += 1
            name = f"{wished} ({again})"
        given.append(name)
    return given


def listed(names: list[str], most: int = 3) -> str:
    """Some names as a sentence may list them: “a”, “b”, “c” and 4 more."""
    quoted = ", ".join(f"“{shown(name)}”" for name in names[:most])
    return quoted if len(names) <= most else f"{quoted} and {len(names) - most} more"
