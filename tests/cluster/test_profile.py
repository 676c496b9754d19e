"""The cluster's profile, as far as it can be tried without a cluster."""

import pytest
from checkout import Checkout

pytestmark = pytest.mark.workflow


def test_the_same_jobs_are_planned_for_a_cluster_and_for_this_machine(fresh_checkout: Checkout):
    cluster, here = (
        fresh_checkout.jobs("--workflow-profile", f"profiles/{name}", overlays=())
        for name in ("slurm", "default")
    )
    assert cluster == here
    assert here["write_report"] == 1
