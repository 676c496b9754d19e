"""Which library the scripts of a checkout import."""

import pytest
from checkout import copy_checkout

pytestmark = [pytest.mark.workflow, pytest.mark.timeout(300)]


def test_jobs_use_the_library_of_their_checkout_and_not_that_of_the_environment(tmp_path):
    checkout = copy_checkout(tmp_path)
    module = tmp_path / "scripts/spikesweep/data/prepare.py"
    module.write_text('raise RuntimeError("the library of the copy")\n')
    run = checkout.attempt("results/data/mnist.npz")
    assert run.returncode != 0
    assert "the library of the copy" in run.stdout
