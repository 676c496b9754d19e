"""What is said of the study at full scale on a cluster."""

from pathlib import Path

import pytest
from planned import job

from spikesweep.forecast import cluster_page
from spikesweep.forecast.times import Record, Times
from spikesweep.marked import markers

ROOT = Path(__file__).resolve().parents[3]
CONFIG = {
    "study": {"networks": ["net"]},
    "networks": {
        "net": {
            "seeds": [0, 1, 2],
            "options": {"units": [10, 10]},
            "training": {"validation_images": 5000},
            "studies": {"settling": {"images": 40}},
        }
    },
    "sweep": {"images": 200, "steps": 60, "scale_firing_rates": [1, 2, 5]},
    "firing_rates": {"settings": [{"scale_firing_rates": 50}]},
    "settling": {"read_at": [1, 15, 60]},
}


def test_images_are_halved_in_every_study_but_not_in_trainings():
    halved = cluster_page.halved_images(CONFIG)
    assert halved["sweep"]["images"] == 100
    assert halved["networks"]["net"]["studies"]["settling"]["images"] == 20
    assert halved["networks"]["net"]["training"] == {"validation_images": 5000}


def test_steps_and_their_lists_are_halved():
    halved = cluster_page.halved_steps(CONFIG)
    assert halved["sweep"]["steps"] == 30
    assert halved["settling"]["read_at"] == [1, 7, 30]


def test_lists_of_scales_and_seeds_are_halved_and_the_scale_of_a_setting_is_not():
    assert cluster_page.halved_settings(CONFIG)["sweep"]["scale_firing_rates"] == [1, 5]
    assert cluster_page.halved_settings(CONFIG)["firing_rates"] == CONFIG["firing_rates"]
    assert cluster_page.halved_seeds(CONFIG)["networks"]["net"]["seeds"] == [0]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose study has two jobs, of which each seed costs one more."""

    def planned(config):
        seeds = len(config["networks"]["net"]["seeds"])
        trained = [job(number, "train_network", "net") for number in range(seeds)]
        return [*trained, job(9, "search_settings", "net", needs=range(seeds))]

    records = [
        Record("train_network", "net", 0, 3600, 1),
        Record("search_settings", "net", 0, 60, 0),
    ]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["cluster_page"])
    monkeypatch.setattr(cluster_page, "_planned", planned)
    monkeypatch.setattr(cluster_page, "_merged", lambda *files: CONFIG)
    monkeypatch.setattr(cluster_page, "Times", lambda _: Times(records))
    (tmp_path / "docs").mkdir()
    return tmp_path


def test_the_page_says_time_by_nodes_the_longest_chain_and_how_it_grows(checkout):
    page = checkout / "docs" / "cluster.md"
    page.write_text("# Head\n<!-- cost -->\nold\n<!-- /cost -->\nTail\n")
    cluster_page.main()
    text = page.read_text()
    assert text.startswith("# Head\n<!-- cost -->\n4 jobs, 3 h of a core in all, 3 MB of results.")
    assert text.endswith("<!-- /cost -->\nTail\n")
    assert "On 2 cores it takes 2 h." in text
    assert "| 10 | 1 h | 0.93 % |" in text
    assert "1 h: `train_network` net → `search_settings` net. " in text
    assert "`train_network` of net alone is 98 % of it." in text
    # One seed of three, and the search.
    assert "| seeds | 34 % |" in text
    assert "| net | 2 | 0.03 | 3 | 3 h | 0 s | 1 min |" in text


def test_a_page_without_markers_is_left_alone(checkout):
    (checkout / "docs" / "cluster.md").write_text("# Head\n")
    with pytest.raises(SystemExit, match="expected one line <!-- cost -->"):
        cluster_page.main()
    assert (checkout / "docs" / "cluster.md").read_text() == "# Head\n"


def test_the_committed_page_was_written():
    text = (ROOT / "docs" / "cluster.md").read_text()
    first, last = markers(cluster_page.BLOCK)
    block = text.partition(first)[2].partition(last)[0]
    assert "| 100 |" in block
    assert "cifar10_resnet20" in block


def test_help_writes_nothing(checkout, monkeypatch, capsys):
    page = checkout / "docs" / "cluster.md"
    page.write_text("<!-- cost -->\nold\n<!-- /cost -->\n")
    monkeypatch.setattr("sys.argv", ["cluster_page", "--help"])
    with pytest.raises(SystemExit):
        cluster_page.main()
    assert "docs/cluster.md" in capsys.readouterr().out
    assert "old" in page.read_text()
