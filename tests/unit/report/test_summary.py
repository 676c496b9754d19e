"""What a run found, in three lines."""

from spikesweep.report.summary import summary

LABELS = {"net": "A network", "other": "Another"}
ROW = {"spikes_per_image": 1234.4, "loss": 0.004, "enough": True, "promise": "kept"}
ROW |= {"operations_over_ann": 0.97, "operations_per_image": 235_000.0}


def lines(rows, original=(), ours=()):
    verdicts = [("original", one) for one in original] + [("ours", one) for one in ours]
    findings = [{"network": None, "origin": origin, "verdict": one} for origin, one in verdicts]
    findings.append({"network": "net", "origin": "ours", "verdict": "reproduced"})
    text = summary(rows, findings, LABELS)
    return text.replace("\u202f", " ").replace("\u2009", " ").splitlines()


def test_it_says_spikes_costs_and_verdicts_of_all_networks_in_three_lines():
    worse = ROW | {"loss": -0.012, "enough": False, "spikes_per_image": 7}
    found = lines(
        {"other": [worse], "net": [ROW, worse]},
        ["reproduced", "inconclusive", "reproduced", "not run"],
        ["not reproduced"],
    )
    assert found == [
        "Per image: A network: 1 234 spikes, 0.4 points lost; "
        "Another: 7 spikes, 1.2 points gained, not shown to be accurate enough.",
        "Operations next to the ANN's: A network: 0.97 times (235 k); Another: 0.97 times (235 k).",
        "Of 3 claims of the original study (A. Deutsch): 2 reproduced, 1 inconclusive. "
        "Of 1 of ours, which go further: 1 not reproduced.",
    ]


def test_the_last_line_says_whose_the_claims_are():
    rows = {"net": [ROW], "other": [ROW]}
    *_, one = lines(rows, ours=["reproduced"])
    assert one == "Of 1 claim of ours, which go further: 1 reproduced."
    *_, none = lines(rows, ["not run"])
    assert none == "No claims were judged."


def test_a_promise_that_unseen_images_did_not_keep_is_told():
    for promise, told in (("uncertain", "perhaps more than"), ("broken", "more than")):
        first, *_ = lines({"net": [ROW | {"promise": promise}], "other": [ROW]})
        assert first == (
            f"Per image: A network: 1 234 spikes, 0.4 points lost, {told} accepted; "
            "Another: 1 234 spikes, 0.4 points lost."
        )
