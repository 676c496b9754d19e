import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.plots.levels import evenly_chosen


@given(st.integers(1, 300), st.integers(2, 20))
def test_evenly_chosen_levels_are_those_nearest_to_equal_steps(levels, count):
    chosen = evenly_chosen(range(levels), count)
    if levels <= count:
        assert chosen == list(range(levels))
        return
    step = (levels - 1) / (count - 1)
    assert chosen == [round(index * step) for index in range(count)]
    assert (chosen[0], chosen[-1]) == (0, levels - 1)


@given(st.integers(1, 60), st.integers(1, 12), st.lists(st.integers(0, 59), max_size=4))
def test_levels_that_matter_are_always_chosen(levels, count, places):
    always = [place for place in places if place < levels]
    chosen = evenly_chosen(range(levels), count, always)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(levels, count)
    assert set(list(dict.fromkeys(always))[:count]) <= set(chosen)


@pytest.mark.parametrize("levels", [[1.0], [1.0, 5.0, 20.0]])
def test_of_several_levels_the_last_is_chosen_alone(levels):
    assert evenly_chosen(levels, 1) == levels[-1:]
