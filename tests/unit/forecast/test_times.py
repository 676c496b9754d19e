"""How long jobs take, told from those that ran."""

import pytest
from planned import job

from spikesweep.forecast.times import (
    CALIBRATION,
    SHIPPED,
    Record,
    Times,
    add_record,
    medians,
    read_records,
)


def record(work, seconds, megabytes=0.0, of="net", rule="train"):
    return Record(rule, of, work, seconds, megabytes)


def test_a_job_like_one_that_ran_takes_as_long_as_the_median():
    times = Times([record(10, 4), record(10, 5), record(10, 90), record(20, 7)])
    assert times.seconds(job(0, work=10)) == 5


@pytest.mark.parametrize(("work", "seconds"), [(20, 3), (30, 4), (110, 12)])
def test_more_work_takes_longer_by_the_line_through_the_least_and_the_most(work, seconds):
    times = Times([record(10, 2), record(50, 6)])
    assert times.seconds(job(0, work=work)) == pytest.approx(seconds)


def test_a_job_takes_no_less_than_the_shortest_of_its_rule():
    times = Times([record(10, 2), record(50, 6)])
    assert times.seconds(job(0, work=0)) == 2


def test_of_one_measurement_what_is_longer_than_the_rules_shortest_grows_with_the_work():
    times = Times([record(100, 12), record(1, 2, of="small")])
    assert times.seconds(job(0, work=200)) == 22


def test_an_unknown_network_takes_what_the_one_with_the_nearest_work_does():
    times = Times([record(1, 2, of="small"), record(100, 12, of="a"), record(9000, 80, of="b")])
    assert times.seconds(job(0, of="mine", work=200)) == 22
    assert times.seconds(job(0, of="mine", work=9000)) == 80


def test_of_an_unknown_subject_without_work_the_median_of_the_others_counts():
    times = Times([record(0, seconds, of=str(seconds)) for seconds in (5, 7, 30)])
    assert times.seconds(job(0, of="mine")) == 7


def test_megabytes_are_told_as_seconds_are():
    times = Times([record(10, 2, 1), record(50, 6, 5)])
    assert times.megabytes(job(0, work=110)) == pytest.approx(11)


def test_a_rule_that_is_unknown_takes_a_little():
    assert 0 < Times([]).seconds(job(0)) < 10


def test_records_are_kept_and_a_line_that_was_cut_is_left_out(tmp_path):
    path = tmp_path / "times.csv"
    written = [record(1e9 + 1, 2.5, 3.25), record(0, 1, 0, of="", rule="plot")]
    for one in written:
        add_record(one, path)
    path.write_text(path.read_text() + "train,net,1")
    assert read_records(path) == written
    assert read_records(path, factor=2)[0].seconds == 5
    assert read_records(tmp_path / "none.csv") == []


def test_a_run_after_one_that_cut_a_line_keeps_its_own(tmp_path):
    path = tmp_path / "times.csv"
    add_record(record(1, 2), path)
    path.write_text(path.read_text() + "train,net,1")
    add_record(record(3, 4), path)
    # Of versions that went on in the line that was cut.
    path.write_text(path.read_text() + "train,net,1,2.5train,net,1,2.5,3.25\n")
    assert [(one.work, one.seconds) for one in read_records(path)] == [(1, 2), (3, 4)]


def test_times_in_a_file_that_was_left_empty_are_read_again(tmp_path):
    path = tmp_path / "times.csv"
    path.touch()
    add_record(record(1, 2), path)
    assert [one.work for one in read_records(path)] == [1]


def test_medians_have_one_row_for_each_amount_of_work():
    found = medians([record(2, 3), record(1, 1), record(2, 5), record(1, 2, rule="a")])
    assert [(one.rule, one.work, one.seconds) for one in found] == [
        ("a", 1, 2),
        ("train", 1, 1),
        ("train", 2, 4),
    ]


def test_the_shipped_table_knows_the_longest_rules_and_its_machine():
    rules = {one.rule: one for one in read_records(SHIPPED)}
    assert {"train_network", "search_settings", "run_synapse_and_scaling"} <= rules.keys()
    assert rules[CALIBRATION].seconds > 0
