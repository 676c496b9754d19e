"""The page of all tables follows from a run's tables and from what is said about their rows."""

import pytest

from spikesweep.errors import UserError
from spikesweep.report.tables_page import columns_of_tables, kind_of, tables_page

NETWORKS = ["mnist", "mnist_cnn", "pruning/mnist_cnn/magnitude_80"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("findings.csv", "findings.csv"),
        ("networks/mnist/seed0/accuracy.csv", "networks/<network>/seed<seed>/accuracy.csv"),
        ("sweeps/s/mnist_cnn/seed12_layers.csv", "sweeps/s/<network>/seed<seed>_layers.csv"),
        ("recommendations/mnist_cnn_search.csv", "recommendations/<network>_search.csv"),
        (
            "snn/pruning/mnist_cnn/magnitude_80/seed1/costs.csv",
            "snn/<network>/seed<seed>/costs.csv",
        ),
        ("data/mnist.csv", "data/<dataset>.csv"),
        # Not every name that holds a network's is one.
        ("settling/best_synapse.csv", "settling/best_synapse.csv"),
    ],
)
def test_names_of_networks_seeds_and_datasets_are_left_open(name, kind):
    assert kind_of(name, NETWORKS) == kind


@pytest.fixture
def run(tmp_path):
    texts = {
        "results/findings.csv": "claim,effect,effect_low,effect_high\n",
        "results/networks/net/seed0/accuracy.csv": "network,accuracy\n",
        "results/networks/net/seed1/accuracy.csv": "network,accuracy,more\n",
        "results/logs/not_a_result.csv": "a\n",
        "reports/tables.yaml": (
            'findings.csv: claim\n"networks/<network>/seed<seed>/accuracy.csv": part\n'
            "other.csv: row\n"
        ),
        "reports/tables_head.md": "# Tables\n\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_each_kind_of_table_is_one_line_with_all_columns_but_bounds(run):
    assert tables_page([run / "results"], run).splitlines()[4:] == [
        "| `findings.csv` | claim | `claim`, `effect` |",
        "| `networks/<network>/seed<seed>/accuracy.csv` | part | `network`, `accuracy`, `more` |",
        "| `other.csv` | row | in no run that this page is made from |",
    ]


def test_several_runs_are_joined(run):
    (run / "more").mkdir()
    (run / "more" / "findings.csv").write_text("claim,note\n")
    page = tables_page([run / "results", run / "more"], run)
    assert "| `findings.csv` | claim | `claim`, `effect`, `note` |" in page


def test_a_table_that_nobody_described_is_named(run):
    (run / "results" / "new.csv").write_text("a\n")
    with pytest.raises(UserError, match=r"tables\.yaml: nothing about new\.csv"):
        tables_page([run / "results"], run)


def test_a_folder_without_tables_is_named(run):
    with pytest.raises(UserError, match="nowhere holds no tables"):
        tables_page([run / "nowhere"], run)


def test_logs_are_no_results(run):
    assert "logs/not_a_result.csv" not in columns_of_tables(run / "results")
