"""What each image was answered, in a file and beside a sweep's table."""

import numpy as np
import pytest

from spikesweep.errors import UserError
from spikesweep.experiments.answers import Answers, kept_steps, load_answers, save_answers
from spikesweep.experiments.sweep import grid, sweep


@pytest.mark.parametrize("steps", [1, 5, 12, 13, 60, 240, 1000])
def test_the_last_step_is_kept_and_steps_ascend(steps):
    kept = kept_steps(steps)
    assert kept[-1] == steps
    assert kept[0] >= 1
    assert (np.diff(kept) > 0).all()
    assert len(kept) == min(steps, 12)


def test_60_steps_are_read_every_5():
    assert kept_steps(60).tolist() == list(range(5, 61, 5))


def test_a_file_holds_every_bit(tmp_path):
    rng = np.random.default_rng(0)
    answers = Answers(
        steps=np.array([5, 10, 15]),
        correct=rng.random((4, 3, 21)) < 0.5,
        equal_to_ann=rng.random((4, 3, 21)) < 0.5,
        ann_correct=rng.random(21) < 0.5,
        images=np.arange(21),
        draws=np.arange(21) % 3,
    )
    save_answers(answers, tmp_path / "answers.npz")
    found = load_answers(tmp_path / "answers.npz")
    for name in vars(answers):
        np.testing.assert_array_equal(getattr(found, name), getattr(answers, name), err_msg=name)
    np.testing.assert_array_equal(found.final, answers.correct[:, 2])


def test_the_same_answers_give_the_same_bytes(tmp_path, experiment):
    answers = sweep(experiment, grid([None], [1]), "network seed 0").answers
    for name in ("one.npz", "other.npz"):
        save_answers(answers, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()


def test_another_file_is_refused_by_name(tmp_path):
    (tmp_path / "answers.npz").write_text("nothing")
    with pytest.raises(UserError, match=r"answers\.npz: not the answers of a sweep"):
        load_answers(tmp_path / "answers.npz")


def test_answers_agree_with_the_accuracies_of_the_table(experiment):
    tables = sweep(experiment, grid([None, 0.01], [1, 5]), "network seed 0")
    answers = tables.answers
    np.testing.assert_array_equal(answers.final.mean(axis=1), tables.settings["accuracy"])
    np.testing.assert_array_equal(
        answers.equal_to_ann[:, -1].mean(axis=1), tables.settings["agreement_with_ann"]
    )
    over_time = tables.over_time.pivot(
        index=["scale_firing_rates", "synapse_s"], columns="step", values="accuracy"
    )
    assert over_time.shape[1] == 20
    # The known engine says class 1 until step 5: half of the images are recognised.
    assert answers.correct[0, answers.steps <= 5].mean() == 0.5
    assert answers.ann_correct.mean() == tables.settings["ann_accuracy"].iloc[0]
