"""What jobs may use of the memory is enough for them."""

import pytest

from spikesweep.benchmarks.memory import memory_by_rule, told_excess

pytestmark = [pytest.mark.workflow, pytest.mark.timeout(900)]


def test_no_job_of_the_smoke_study_takes_more_memory_than_it_declares(smoke_results):
    folder = smoke_results / "benchmarks"
    measured = memory_by_rule(folder)
    assert len(measured) > 20
    assert {memory.rule for memory in measured if memory.declared_mb is None} == set()
    assert told_excess(folder) == ""
