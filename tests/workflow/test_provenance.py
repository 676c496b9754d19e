"""What the report says of the versions that made it is about every result."""

import pandas as pd
import pytest

pytestmark = [pytest.mark.workflow, pytest.mark.timeout(900)]


def test_every_metadata_file_is_counted(smoke_results):
    written = [*smoke_results.rglob("*metadata.json")]
    written += (smoke_results.parent / "data").glob("*.metadata.json")
    versions = pd.read_csv(smoke_results / "provenance" / "versions.csv")
    counted = versions.loc[versions["component"] == "Python", "results"].sum()
    assert counted == len(written)
