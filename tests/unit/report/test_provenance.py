"""What made the results is counted, and a training in another precision than asked for is named."""

from spikesweep.report.provenance import versions_used


def trained(asked, done):
    return {
        "git_commit": "0" * 40,
        "python": "3.11.7",
        "versions": {"numpy": "1.0"},
        "config": {"training": {"precision": asked}},
        "trained_in": done,
    }


def test_versions_and_precisions_are_counted():
    swept = {
        key: trained("float32", "float32")[key] for key in ("git_commit", "python", "versions")
    }
    rows = versions_used(
        [
            swept,
            trained("float32", "float32"),
            trained("bfloat16", "bfloat16"),
            trained("bfloat16", "float32"),
        ]
    )
    found = {(row.component, row.version): row.results for row in rows.itertuples()}
    assert found["numpy", "1.0"] == found["git commit", "0" * 40] == 4
    assert {key[1]: count for key, count in found.items() if key[0] == "precision of training"} == {
        "float32": 1,
        "bfloat16": 1,
        "float32: the processor had no bfloat16": 1,
    }
