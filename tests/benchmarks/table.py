"""Plain text tables, aligned."""

from collections.abc import Iterable, Sequence


def table(title: str, head: Sequence[str], aligned: str, rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells under a head. `aligned` has one letter a column: `<` to the left, `>` to the right."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = [_line(cells, aligned, widths) for cells in lines]
    return "\n".join(["", title, "", texts[0], "  ".join("─" * width for width in widths), *texts[1:]])


def _line(cells: Sequence[str], aligned: str, widths: Sequence[int]) -> str:
    padded = (f"{cell:{side}{width}}" for cell, side, width in zip(cells, aligned, widths, strict=True))
    return "  ".join(padded).rstrip()
