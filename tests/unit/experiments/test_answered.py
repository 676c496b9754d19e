"""Tables of a network joined with the answers beside them."""

from dataclasses import replace

import finding_tables as made
import pytest

from spikesweep.errors import UserError
from spikesweep.experiments.answered import answered
from spikesweep.experiments.answers import save_answers


@pytest.fixture
def study(tmp_path):
    """Tables and answers of two networks of three seeds, as files in the same order."""
    tables, answers = [], []
    for network, seed, rows, found in made.sweeps():
        tables.append(tmp_path / f"{network}{seed}.csv")
        answers.append(tmp_path / f"{network}{seed}.npz")
        rows.to_csv(tables[-1], index=False)
        save_answers(found, answers[-1])
    return tables, answers, found


def test_each_network_has_its_seeds_with_the_answers_of_their_rows(study):
    found = list(answered(*study[:2]))
    assert [one.network for one in found] == ["flat", "folded"]
    for one in found:
        assert one.ann_correct.shape == (3, made.IMAGES)
        for table, correct in zip(one.tables, one.correct, strict=True):
            assert correct.mean(axis=1) == pytest.approx(table["accuracy"].to_numpy())


def test_answers_of_another_table_are_refused_by_name(study):
    tables, answers, found = study
    save_answers(replace(found, correct=found.correct[:3]), answers[1])
    with pytest.raises(UserError, match=r"flat1\.npz: answers at 3 settings, but its table has 12"):
        list(answered(tables, answers))


def test_seeds_that_saw_other_images_are_refused_by_name(study):
    tables, answers, found = study
    save_answers(replace(found, images=found.images + 1), answers[2])
    with pytest.raises(UserError, match=r"flat2\.npz: other images than in .*flat0\.npz"):
        list(answered(tables, answers))


def test_a_table_without_rows_is_left_out(study):
    tables, answers, found = study
    for table, path in zip(tables[:3], answers[:3], strict=True):
        table.write_text(table.read_text().splitlines()[0])
        save_answers(replace(found, correct=found.correct[:0]), path)
    assert [one.network for one in answered(tables, answers)] == ["folded"]
