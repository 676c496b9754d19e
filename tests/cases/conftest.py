"""A checkout to which each case brings its own data and networks."""

import json

import pytest
from checkout import copy_checkout
from toy import BROUGHT, write_study

from spikesweep.tables import read_table


class Case:
    """A user with a checkout of the project.

    brought: the folder of what the user brings.
    """

    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.checkout = copy_checkout(folder)
        self.folder = folder
        self.brought = folder / BROUGHT
        self.brought.mkdir()

    def study(self, name, file, dataset, **changes):
        return write_study(self.checkout, name, file, dataset, **changes)

    def run(self, name, *targets):
        """Run a study, or only the files of it that are named."""
        wanted = ["--", *(f"results/{name}/{target}" for target in targets)] if targets else []
        return self.checkout.snakemake(*wanted, overlays=(f"{name}.yaml",))

    def refusal(self, name, *arguments):
        """What a run says that must fail, as lines; a traceback is none of them."""
        arguments = arguments or ("-n",)
        run = self.checkout.attempt(*arguments, overlays=(f"{name}.yaml",))
        assert run.returncode, run.stdout[-2000:]
        assert "Traceback" not in run.stdout, run.stdout[-3000:]
        return run.stdout

    def import_network(self, name):
        """Accuracies by split, and metadata, of a network that is only taken in."""
        self.run(name, f"{NETWORK}/accuracy.csv")
        accuracy = self.table(name, f"{NETWORK}/accuracy.csv").set_index("split")["accuracy"]
        return accuracy, self.json(name, f"{NETWORK}/metadata.json")

    def table(self, name, file):
        return read_table(self.folder / "results" / name / file)

    def json(self, name, file):
        return json.loads((self.folder / "results" / name / file).read_text(encoding="utf-8"))


NETWORK = "networks/net/seed0"


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path / "study")
