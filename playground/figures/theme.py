"""The colours and the shared layout of every figure, once for a light page and once for a dark one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours a figure carries itself, so that it looks the same wherever it is shown."""

    ink: str
    muted: str
    grid: str
    panel: str  # behind hover text, where a transparent ground would not be readable
    positive: str
    negative: str
    lanes: tuple[str, ...]  # of a race, up to eight; readable on the page and on the ground of a map
    ground: tuple[str, str]  # of a map, low to high: pale, so that lanes stand out
    path: str = "#d9660b"  # stands out from every depth of the surface
    background: str = "rgba(0,0,0,0)"
    font: str = "Source Sans, sans-serif"


LIGHT = Theme(
    ink="#22272e",
    muted="#5f6b7a",
    grid="#d9dee5",
    panel="#ffffff",
    positive="#0f6fc6",
    negative="#d9660b",
    lanes=("#111418", "#0062a8", "#b34400", "#00735c", "#9c3a80", "#735400", "#4b4fc4", "#b0202c"),
    ground=("#cfdbe7", "#fafbfc"),
)
DARK = Theme(
    ink="#e8ebef",
    muted="#a3adba",
    grid="#3a424d",
    panel="#1d232b",
    positive="#5aa9f0",
    negative="#ff9d4d",
    lanes=("#f4f6f9", "#56b4f5", "#ff9a4a", "#3ecfa4", "#f08fd0", "#e3cb4c", "#aeb2ff", "#ff8087"),
    ground=("#10161f", "#2f3b4a"),
)


def layout(theme: Theme) -> dict:
    """The layout every figure starts from, to be extended with `|`."""
    return {
        "template": "none",  # Plotly's own template would bring its own colours
        "font": {"family": theme.font, "size": 13, "color": theme.ink},
        "margin": {"l": 52, "r": 12, "t": 36, "b": 44},
        "paper_bgcolor": theme.background,
        "plot_bgcolor": theme.background,
        "hoverlabel": {
            "bgcolor": theme.panel,
            "bordercolor": theme.muted,
            "font": {"family": theme.font, "size": 13, "color": theme.ink},
        },
        "modebar": {"bgcolor": theme.background, "color": theme.muted, "activecolor": theme.ink},
    }
