"""How templates write what was lost."""

import pytest

from spikesweep.report.filters import loss_in_words


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (0.005, "0.5 points less accuracy than the ANN"),
        (-0.012, "1.2 points more accuracy than the ANN"),
        (0.0, "as accurate as the ANN"),
        (-0.0004, "as accurate as the ANN"),
    ],
)
def test_a_loss_is_told_without_a_sign(loss, words):
    assert loss_in_words(loss) == words
