"""A gate is what Python's own operators say of two bits."""

import operator

import pytest

from playground.data.gates import GATES, gate


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_the_operator_of_its_name(name):
    data = gate(name)
    bits = {"and": operator.and_, "or": operator.or_, "xor": operator.xor}[name]
    assert [bits(int(a), int(b)) for a, b in data.x] == list(data.y)
    assert (data.kind, data.n_classes) == ("classification", 2)


def test_another_gate_is_refused_by_name():
    with pytest.raises(ValueError, match=r"^gate must be one of and, or, xor, not 'nand'\."):
        gate("nand")
