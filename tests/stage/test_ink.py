"""What the pad sends is 64 whole numbers from 0 to 16, or it is not taken."""

import pytest

from playground.stage import CELLS, Ink, parse_ink

GOOD = {"values": [0] * 63 + [16], "turn": 3, "put": 1, "deal": 2}


def test_ink_is_read_as_it_was_sent():
    assert parse_ink(GOOD) == Ink((*[0] * 63, 16), 3, 1, 2)
    assert CELLS == 8


@pytest.mark.parametrize(
    "message",
    [
        None, 5, "ink", [], {}, GOOD["values"], GOOD | {"more": 1}, {"values": GOOD["values"]},
        GOOD | {"values": [0] * 63}, GOOD | {"values": [0] * 65}, GOOD | {"values": "0" * 64},
        GOOD | {"values": (0,) * 64}, GOOD | {"values": [True] * 64}, GOOD | {"values": [0.0] * 64},
        GOOD | {"values": [17] + [0] * 63}, GOOD | {"values": [-1] + [0] * 63}, GOOD | {"values": [None] * 64},
        GOOD | {"turn": -1}, GOOD | {"turn": True}, GOOD | {"turn": 1.5}, GOOD | {"turn": 2**60}, GOOD | {"put": "1"},
        GOOD | {"deal": None},
    ],
)  # fmt: skip
def test_what_is_no_ink_is_refused(message):
    assert parse_ink(message) is None
