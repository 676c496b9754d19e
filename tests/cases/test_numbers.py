"""Whole studies of networks whose numbers are known by another way of counting."""

import keras
import numpy as np
import pandas as pd
import pytest
from toy import BROUGHT, NPZ, fit, write_npz

pytestmark = [pytest.mark.cases, pytest.mark.timeout(1800)]

SWEEP = "sweeps/synapse_and_scaling/net/seed0"
RATES = "firing_rates/net/seed0.csv"


def accurate_at_the_end(case, name):
    """At 5 ms and scale 1000, noise is small and six filtered hops have settled within 60 steps."""
    accuracy = case.table(name, "networks/net/seed0/accuracy.csv").set_index("split")["accuracy"]
    table = case.table(name, f"{SWEEP}.csv").set_index(["synapse_s", "scale_firing_rates"])
    assert table.loc[(0.005, 1000), "accuracy"] >= accuracy["test"] - 0.01
    assert accuracy["test"] == accuracy["test_as_saved"] > 0.8
    changed = case.json(name, "snn/net/seed0/metadata.json")["classes_changed_by_conversion"]
    assert changed <= 0.001
    assert case.table(name, "agreement/net/seed0.csv")["within_budget"].all()


def ending(la, x):
    return la.Dense(4)(la.GlobalAveragePooling2D()(x))


def normalised_pixels(la, image):
    x = la.BatchNormalization(momentum=0.9)(image)
    return la.Conv2D(8, 3, 2, padding="same", activation="relu")(x)


def normalised_after(la, image):
    x = la.Conv2D(8, 3, activation="relu", use_bias=False)(image)
    x = la.Conv2D(8, 3, 2, padding="same", activation="relu")(
        la.BatchNormalization(momentum=0.9)(x)
    )
    return la.BatchNormalization(momentum=0.9)(x)


def dense_net(la, image):
    x = image
    for _ in range(3):
        y = la.ReLU()(la.BatchNormalization(momentum=0.9)(x))
        x = la.Concatenate()([x, la.Conv2D(6, 3, padding="same", use_bias=False)(y)])
    return la.ReLU()(la.BatchNormalization(momentum=0.9)(x))


@pytest.mark.parametrize("body", [normalised_pixels, normalised_after, dense_net])
def test_batch_normalisation_in_unusual_places(case, body):
    """github.com/liuzhuang13/DenseNet/issues/17 and tflite-micro/issues/1651."""
    la = keras.layers
    keras.utils.set_random_seed(0)
    train, _ = write_npz(case.brought / "d.npz", shape=(13, 12, 3))
    image = keras.Input((13, 12, 3))
    model = keras.Model(image, ending(la, body(la, image)))
    fit(model, train, epochs=30).save(case.brought / "net.keras")
    case.study("net", "net.keras", NPZ)
    case.run("net")
    accurate_at_the_end(case, "net")
    if body is dense_net:
        first = case.table("net", RATES).sort_values("depth").iloc[0]
        assert first["layer"] == "re_lu" or first["layer"].startswith("re_lu")
        snn = np.load(case.folder / "results/net/snn/net/seed0/network.npz")
        assert f"{first['layer']}/initial_voltages" in snn.files


@pytest.mark.parametrize("studies", [[], ["layer_scaling"]], ids=["sweep", "layers"])
def test_residual_blocks(case, studies):
    """github.com/NeuromorphicProcessorProject/snn_toolbox/issues/66: 95 % become 48 %."""
    la = keras.layers
    keras.utils.set_random_seed(0)
    train, _ = write_npz(case.brought / "d.npz", shape=(16, 16, 3))

    def normalised(x, filters, size, stride):
        x = la.Conv2D(filters, size, stride, padding="same", use_bias=False)(x)
        return la.BatchNormalization(momentum=0.9)(x)

    def block(x, filters, stride, project):
        y = normalised(la.ReLU()(normalised(x, filters, 3, stride)), filters, 3, 1)
        return la.ReLU()(la.Add()([y, normalised(x, filters, 1, stride) if project else x]))

    image = keras.Input((16, 16, 3))
    # The shortcut of the first block is the image.
    x = block(block(block(image, 3, 1, False), 8, 2, True), 8, 1, False)
    fit(keras.Model(image, ending(la, x)), train, epochs=15).save(case.brought / "net.keras")
    small = {"operating_points": [0.8], "factors": [10], "images": 40, "steps": 60}
    case.study("net", "net.keras", NPZ, study={"parts": studies}, layer_scaling=small)
    case.run("net")
    accurate_at_the_end(case, "net")


def test_spikes_grow_with_the_scale(case):
    """forum.nengo.ai/t/scaling-firing-rate-of-neurons-spike-count/1630: an independent count."""
    scales = [1, 10, 100, 200, 10000.0]
    train, _ = write_npz(case.brought / "d.npz")
    fit(_three_layers(), train).save(case.brought / "net.keras")
    settings = [{"synapse_s": 0.01, "scale_firing_rates": scale} for scale in scales]
    case.study(
        "net",
        "net.keras",
        NPZ,
        network={"input_scale": 1 / 255},
        synapse_and_scaling={"scale_firing_rates": scales, "images": 280},
        firing_rates={"images": 280, "steps": 200, "settings": settings},
        simulation={"voltage_draws": 1},
    )
    case.run("net", f"{SWEEP}.csv", RATES)
    snn = np.load(case.folder / "results/net/snn/net/seed0/network.npz")
    chosen = _shown(case)
    current = chosen @ snn["hidden.current/kernel"] + snn["hidden.current/bias"]
    found = case.table("net", RATES).query("layer == 'hidden'").set_index("scale_firing_rates")
    for scale in scales:
        spikes = np.floor(snn["hidden/initial_voltages"] + scale * np.maximum(current, 0) * 0.2)
        # A spike or two may come a step late, by rounding.
        assert found.loc[scale, "mean_rate_hz"] == pytest.approx(spikes.mean() / 0.2, rel=1e-3)
    table = case.table("net", f"{SWEEP}.csv").query("synapse_s == 0.01")
    table = table.set_index("scale_firing_rates")
    spikes = table["spikes_per_image"]
    assert spikes[200] / spikes[100] == pytest.approx(2, rel=0.02)
    assert table.loc[10000, "agreement_with_ann"] >= 0.99


def test_enormous_scales_of_raw_pixels_keep_to_the_memory(case):
    """github.com/nengo/nengo-loihi/issues/109: too many spikes in one time step."""
    train, _ = write_npz(case.brought / "d.npz")
    fit(_three_layers(), train, scale=1.0).save(case.brought / "net.keras")
    settings = [{"synapse_s": 0.01, "scale_firing_rates": scale} for scale in (1, 1e6, 1e7)]
    case.study(
        "net",
        "net.keras",
        NPZ,
        network={"input_scale": 1},
        firing_rates={"images": 280, "steps": 1000, "settings": settings},
    )
    case.run("net", RATES)
    rates = case.table("net", RATES).set_index(["layer", "scale_firing_rates"])["mean_rate_hz"]
    assert rates["hidden", 1e7] == pytest.approx(1e7 * rates["hidden", 1], rel=0.01)
    used = pd.read_csv(
        case.folder / "results/net/benchmarks/run_firing_rates/net/seed0.tsv", sep="\t"
    )
    assert used["max_rss"].iloc[0] < 2000


def _three_layers():
    la = keras.layers
    hidden = [la.Dense(40, "relu", name="hidden"), la.Dense(20, "relu")]
    image = keras.Input((12, 12, 1))
    return keras.Sequential([image, la.Flatten(), *hidden, la.Dense(4, name="output")])


def _shown(case):
    """Prepared test images that the studies see: those that are not kept for the last check."""
    from spikesweep.data.splits import open_and_vault

    data = np.load(case.folder / BROUGHT / "d.npz")
    shown, _ = open_and_vault(data["y_test"])
    return (data["x_test"][shown] / np.float32(255)).reshape(len(shown), -1)


LIF = {
    "results": "results/lif",
    "study": {"networks": ["small"], "parts": ["layer_scaling", "rate_transfer", "recommendation"]},
    "conversion": {"neuron": "lif", "initial_voltages": "zero"},
    "datasets": {"d": NPZ},
    "networks": {
        "small": {
            "dataset": "d",
            "architecture": "dense",
            "options": {"units": [32, 24, 16]},
            "seeds": [0, 1],
            "training": {
                "epochs": 3,
                "batch_size": 64,
                "learning_rate": 0.002,
                "optimizer": "adam",
                "validation_images": 400,
            },
        }
    },
    "synapse_and_scaling": {
        "synapse_s": ["none", 0.005],
        "scale_firing_rates": [0.05, 1, 10, 100, 1000],
        "steps": 60,
        "images": 200,
    },
    "firing_rates": {
        "steps": 300,
        "images": 280,
        "settings": [{"synapse_s": 0.01, "scale_firing_rates": s} for s in (0.05, 1, 1000)],
    },
    "engine_agreement": {"steps": 20, "images": 20},
    "layer_scaling": {"factors": [10], "steps": 40, "images": 100},
    "rate_transfer": {"steps": 40, "images": 100},
    "recommendation": {
        "synapse_s": [0.005],
        "scales": [0.05, 20, 200],
        "steps": [40],
        "images": 100,
        "confirm_images": 200,
        "trials": 20,
        "check_images": 120,
    },
}


def test_a_whole_study_of_lif_neurons(case):
    """github.com/nengo/nengo-dl/issues/206 and pull/141: silence, saturation, bent rates."""
    import yaml

    write_npz(case.brought / "d.npz")
    (case.folder / "lif.yaml").write_text(yaml.safe_dump(LIF))
    case.run("lif")
    page = (case.folder / "results/lif/report.html").read_text(encoding="utf-8")
    assert "The rate of LIF neurons is not proportional to their current" in page
    for seed in (0, 1):
        sweep = case.table("lif", f"sweeps/synapse_and_scaling/small/seed{seed}.csv")
        silent = sweep.query("scale_firing_rates == 0.05")
        assert not silent[["spikes_per_image", "synops_per_image"]].to_numpy().any()
        rates = case.table("lif", f"firing_rates/small/seed{seed}.csv")
        assert rates["max_rate_hz"].max() <= 500
        snn = np.load(case.folder / f"results/lif/snn/small/seed{seed}/network.npz")
        first = rates.sort_values("depth")["layer"].iloc[0]
        current = _shown(case) @ snn[f"{first}.current/kernel"] + snn[f"{first}.current/bias"]
        for scale in (1, 1000):
            row = rates.query(f"layer == '{first}' and scale_firing_rates == {scale}").iloc[0]
            scaled = scale * current
            # Tables have nine digits.
            assert row["silent_share"] >= (scaled <= 1).mean() - 1e-8
            firing = np.where(scaled > 1, scaled, np.inf)
            expected = np.where(
                scaled > 1, 1 / (0.002 + 0.02 * np.log1p(1 / (firing - 1))), 0
            ).mean()
            assert row["mean_rate_hz"] == pytest.approx(expected, rel=0.02, abs=1 / 0.3)
    not_run = pd.read_csv(case.folder / "results/lif/findings.csv")
    reasons = not_run.loc[not_run["figure"].isna() | (not_run["verdict"] == "not run")]
    assert reasons.to_string().count("LIF") >= 1


def test_large_biases_decide_before_any_spike_arrives(case):
    """github.com/NeuromorphicProcessorProject/snn_toolbox/issues/15."""
    la = keras.layers
    keras.utils.set_random_seed(0)
    train, (u, v) = write_npz(case.brought / "all.npz")
    # 10, 20, 30 and 40 % of 200 images.
    use = np.concatenate([np.flatnonzero(v == k)[: 20 * (k + 1)] for k in range(4)])
    np.savez(
        case.brought / "d.npz", x_train=train[0], y_train=train[1], x_test=u[use], y_test=v[use]
    )
    last = la.Dense(4, name="output")
    hidden = [la.Flatten(), la.Dense(32, "relu"), la.Dense(16, "relu")]
    model = keras.Sequential([keras.Input((12, 12, 1)), *hidden, last])
    last.set_weights([last.get_weights()[0], np.array([-3.0, -3.0, 6.0, -3.0])])
    fit(model, train, epochs=20).save(case.brought / "net.keras")
    sweep = {"synapse_s": ["none", 0, 0.01], "scale_firing_rates": [1, 1000], "images": 140}
    case.study("net", "net.keras", NPZ, synapse_and_scaling=sweep)
    case.study("one", "net.keras", NPZ, synapse_and_scaling={**sweep, "steps": 1})
    case.run("net", f"{SWEEP}_over_time.csv", f"{SWEEP}.csv")
    bias = np.load(case.folder / "results/net/snn/net/seed0/network.npz")["output/bias"]
    table = case.table("net", f"{SWEEP}_over_time.csv")
    table = table.fillna({"synapse_s": -1})
    by_step = table.set_index(["synapse_s", "step", "scale_firing_rates"])["accuracy"]
    shares = {0.1 * (k + 1) for k in range(4)}
    for scale in (1, 1000):
        for synapse in (0, 0.01):
            assert by_step[synapse, 1, scale] == pytest.approx(0.1 * (bias.argmax() + 1))
            assert any(by_step[synapse, 2, scale] == pytest.approx(share) for share in shares)
        assert by_step[-1, 60, scale] > 0.1
    assert (
        by_step[0.01, 60, 1000]
        >= case.table("net", "networks/net/seed0/accuracy.csv")
        .set_index("split")
        .loc["test", "accuracy"]
        - 0.01
    )
    # A time axis of one point breaks no figure and no finding.
    case.run("one")


@pytest.mark.parametrize("size", [(60, 100), (2, 5)], ids=["many", "few"])
def test_engines_agree_on_a_network_of_48_neurons(case, size):
    """github.com/nengo/nengo-loihi/issues/109: one spike by rounding is no failed run."""
    la = keras.layers
    train, _ = write_npz(case.brought / "d.npz", shape=(4, 4, 1))
    hidden = [la.Flatten(), la.Dense(32, "relu"), la.Dense(16, "relu"), la.Dense(4)]
    model = keras.Sequential([keras.Input((4, 4, 1)), *hidden])
    fit(model, train, epochs=8).save(case.brought / "net.keras")
    settings = [
        {"synapse_s": synapse, "scale_firing_rates": scale}
        for synapse in ("none", 0, 0.003)
        for scale in (0.3, 1, 7, 1000)
    ]
    images, steps = size
    for seed in range(3):
        case.study(
            f"net{seed}",
            "net.keras",
            NPZ,
            conversion={"seed": seed},
            engine_agreement={
                "settings": settings,
                "images": images,
                "steps": steps,
                "images_seed": seed,
            },
        )
        case.run(f"net{seed}", "agreement/net/seed0.csv")
        assert case.table(f"net{seed}", "agreement/net/seed0.csv")["within_budget"].all()
