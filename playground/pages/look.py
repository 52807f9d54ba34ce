"""What the pages share: the theme of the reader, charts with their words, numbers in formulas, links that fail."""

from collections.abc import Iterable, Mapping

import streamlit as st

from playground import figures

PLAIN = {"displayModeBar": False, "scrollZoom": False}


def theme() -> figures.Theme:
    """The colours of figures on the page as this reader sees it."""
    return figures.DARK if st.context.theme.type == "dark" else figures.LIGHT


def draw(figure: object, key: str) -> None:
    """Draw a Plotly figure in its own colours; one that has the same `key` as before is updated in place."""
    st.plotly_chart(figure, theme=None, key=f"chart {key}", config=PLAIN)


def chart(figure: object, words: str, key: str) -> None:
    """Draw a Plotly figure, and below it the same in words."""
    draw(figure, key)
    st.caption(words)


def tex(value: float, digits: int = 7) -> str:
    """A number for a formula: so many digits at most, in parentheses where it is negative or a product itself."""
    mantissa, _, exponent = _decimal(value, digits).partition("e")
    word = rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
    return f"({word})" if value < 0 or exponent else word


def equals(value: float, digits: int = 7) -> str:
    """“= number”, or “≈ number” where the digits do not tell all; rounding at the sixteenth does not count."""
    sign = "=" if abs(float(_decimal(value, digits)) - value) <= 1e-12 * abs(value) else r"\approx"
    word = tex(value, digits)
    return f"{sign} {word.removeprefix('(').removesuffix(')')}"


def _decimal(value: float, digits: int) -> str:
    word = f"{value + 0.0:.{digits}g}"  # + 0.0: no -0
    return f"{value:.4g}" if "e" in word else word


def say_unusable(numbers: Mapping[str, tuple[float, float]], words: Mapping[str, Iterable[str]]) -> None:
    """A sentence for each value in the link that is none of its `words`, or no number between its two `numbers`.

    To be called before the widgets are drawn: Streamlit then takes their defaults, and such values out of the link.
    """
    for name, (low, high) in numbers.items():
        if name in st.query_params and not _is_between(st.query_params[name], low, high):
            _say(name, f"a number from {low:g} to {high:g}")
    for name, allowed in words.items():
        if not set(st.query_params.get_all(name)) <= set(allowed := tuple(allowed)):
            _say(name, f"one of {', '.join(allowed)}")


def _is_between(word: str, low: float, high: float) -> bool:
    try:
        return low <= float(word) <= high
    except ValueError:
        return False


def _say(name: str, allowed: str) -> None:
    st.warning(f"{name} in the link cannot be used: it must be {allowed}. The default is used.", icon=":material/info:")
