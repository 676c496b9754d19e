"""Properties of the figures, drawn from tables that are computed from formulas."""

import itertools
import math

import numpy as np
import pytest
import synthetic_tables
from matplotlib.axis import Axis
from matplotlib.text import Text

from spikesweep.data.dataset import Dataset
from spikesweep.plots.plot_dataset_examples import plot_dataset_examples
from spikesweep.plots.plot_learning_curves import plot_learning_curves
from spikesweep.plots.style import figure_style, save_figure
from spikesweep.study.engine_agreement.plot_engine_agreement import plot_engine_agreement
from spikesweep.study.firing_rates.plot_firing_rates import plot_firing_rates
from spikesweep.study.synapse_and_scaling.plot_accuracy_and_cost import plot_accuracy_and_cost
from spikesweep.study.synapse_and_scaling.plot_accuracy_over_time import plot_accuracy_over_time
from spikesweep.study.synapse_and_scaling.plot_sweep_heatmap import plot_sweep_heatmap

SMALL = {"synapses_s": (math.nan,), "scales": (1,), "seeds": (0,)}
MIDDLE = {"synapses_s": (math.nan, 0.005, 0.01), "scales": (1, 5, 20, 50), "seeds": (0, 1)}
LARGE = {
    "synapses_s": (math.nan, *(0.001 * ms for ms in (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30))),
    "scales": (0.5, 1, 2, 3, 4, 5, 8, 10, 20, 50, 100, 200),
    "seeds": (0,),
}
LOOK = {"title": "Title", "network_label": "A network", "palette": "viridis"}
NETWORKS = {f"net{index}": f"Network number {index}" for index in range(7)}


def heatmap(axes):
    return plot_sweep_heatmap(synthetic_tables.sweeps(**axes), **LOOK)


def cost(axes):
    return plot_accuracy_and_cost(synthetic_tables.sweeps(**axes), **LOOK)


def time_course(axes):
    return plot_accuracy_over_time(
        synthetic_tables.over_time(**axes),
        synthetic_tables.sweeps(**axes),
        **LOOK,
        synapses_shown=6,
        scales_shown=6,
    )


def rates(axes):
    layers = tuple(f"convolution_{index}" for index in range(len(axes["synapses_s"])))
    chosen = {"layers": layers, "scales": axes["scales"][:3], "seeds": axes["seeds"]}
    return plot_firing_rates(
        synthetic_tables.rates(**chosen), synthetic_tables.histogram(**chosen), **LOOK
    )


def curves(axes):
    networks = dict(itertools.islice(NETWORKS.items(), len(axes["synapses_s"])))
    history = synthetic_tables.history(networks, epochs=len(axes["scales"]), seeds=axes["seeds"])
    return plot_learning_curves(history, title="T", network_labels=networks, palette="colorblind")


def agreement(axes):
    networks = dict(itertools.islice(NETWORKS.items(), len(axes["synapses_s"])))
    table = synthetic_tables.agreement(networks, settings=len(axes["scales"]), seeds=axes["seeds"])
    return plot_engine_agreement(table, title="T", network_labels=networks, palette="colorblind")


def examples(axes):
    classes = 2 * len(axes["scales"])
    images = np.arange(100 * 8 * 8, dtype=np.int64).reshape(100, 8, 8, 1).astype(np.uint8)
    labels = np.arange(100) % classes
    names = np.array(["a very long class name", "cat"] * len(axes["scales"]))
    dataset = Dataset(images, labels, images, labels, names)
    return plot_dataset_examples(dataset, title="T", dataset_label="D", images_per_class=3)


FIGURES = [heatmap, cost, time_course, rates, curves, agreement, examples]
all_figures = pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)
all_sizes = pytest.mark.parametrize("axes", [SMALL, MIDDLE, LARGE], ids=["one", "some", "many"])


@all_figures
@all_sizes
def test_no_text_is_small_cut_off_or_on_top_of_another(draw, axes):
    with figure_style():
        figure = draw(axes)
        figure.draw_without_rendering()
    boxes = []
    for text in visible_texts(figure):
        assert text.get_fontsize() >= 8, text.get_text()
        box = text.get_window_extent()
        assert figure.bbox.padded(1).containsx(box.x0), f"{text.get_text()} is cut off"
        assert figure.bbox.padded(1).containsx(box.x1), f"{text.get_text()} is cut off"
        assert figure.bbox.padded(1).containsy(box.y0), f"{text.get_text()} is cut off"
        assert figure.bbox.padded(1).containsy(box.y1), f"{text.get_text()} is cut off"
        if not text.get_rotation() % 90:
            boxes.append((text.get_text(), box.padded(-1)))
    for (one, box), (other, other_box) in itertools.combinations(boxes, 2):
        assert not box.overlaps(other_box), f"{one!r} overlaps {other!r}"


@all_figures
def test_same_table_gives_same_bytes(draw, tmp_path):
    for copy in "ab":
        save_figure(draw(MIDDLE), svg=tmp_path / f"{copy}.svg", png=tmp_path / f"{copy}.png")
    for suffix in ("svg", "png"):
        one, other = ((tmp_path / f"{copy}.{suffix}").read_bytes() for copy in "ab")
        assert one == other
    assert b"<dc:date>" not in (tmp_path / "a.svg").read_bytes()


def test_bitmap_has_at_least_200_dots_per_inch(tmp_path):
    from PIL import Image

    figure = heatmap(SMALL)
    save_figure(figure, svg=tmp_path / "f.svg", png=tmp_path / "f.png")
    assert Image.open(tmp_path / "f.png").width >= 200 * figure.get_size_inches()[0]


def test_heatmap_frames_the_best_cell_and_those_as_good():
    sweeps = synthetic_tables.sweeps(
        synapses_s=(math.nan, 0.005, 0.01), scales=(1, 2, 5), seeds=(0,)
    )
    sweeps["accuracy"] = 0.5
    chosen = (sweeps["synapse_s"] == 0.005) & (sweeps["scale_firing_rates"] == 2)
    sweeps.loc[chosen, ["accuracy", "accuracy_low"]] = [0.9, 0.88]
    close = sweeps["synapse_s"].isna() & (sweeps["scale_firing_rates"] == 5)
    sweeps.loc[close, "accuracy"] = 0.885
    assert framed(plot_sweep_heatmap(sweeps, **LOOK), "best") == {(1, 1)}
    assert framed(plot_sweep_heatmap(sweeps, **LOOK), "as-good") == {(2, 0)}


def test_heatmap_states_percentages_and_leaves_missing_pairs_empty():
    sweeps = synthetic_tables.sweeps(synapses_s=(0.005, 0.01), scales=(1, 2), seeds=(0,)).iloc[:3]
    figure = plot_sweep_heatmap(sweeps.assign(accuracy=[0.1234, 0.5, 0.25]), **LOOK)
    written = [text.get_text() for text in figure.axes[0].texts]
    assert sorted(written) == ["12.3", "25.0", "50.0"]


def test_pareto_front_is_drawn_through_the_unbeaten_settings():
    sweeps = synthetic_tables.sweeps(synapses_s=(0.005,), scales=(1, 2, 5, 10), seeds=(0,))
    sweeps["synops_per_image"] = [10.0, 20.0, 30.0, 40.0]
    sweeps["accuracy"] = [0.5, 0.8, 0.7, 0.9]
    figure = plot_accuracy_and_cost(sweeps, **LOOK)
    front = next(line for line in figure.axes[1].lines if line.get_gid() == "pareto-front")
    assert list(zip(*front.get_data(), strict=True)) == [(10, 0.5), (20, 0.8), (40, 0.9)]


def test_a_network_that_never_fires_can_be_drawn(tmp_path):
    sweeps = synthetic_tables.sweeps(**MIDDLE).assign(synops_per_image=0.0, spikes_per_image=0.0)
    assert plot_accuracy_and_cost(sweeps, **LOOK).axes[1].get_xscale() == "linear"
    table = synthetic_tables.rates()
    columns = [column for column in table if column.endswith("_hz")]
    silent = synthetic_tables.histogram().query("rate_high_hz == 0").assign(share=1.0)
    table = table.assign(silent_share=1.0, **dict.fromkeys(columns, 0.0))
    figure = plot_firing_rates(table, silent, **LOOK)
    save_figure(figure, svg=tmp_path / "f.svg", png=tmp_path / "f.png")


def test_accuracy_over_time_shows_milliseconds_and_evenly_chosen_settings():
    figure = time_course(LARGE)
    panels = [axes for axes in figure.axes if axes.lines]
    assert len(panels) == 6
    titles = [axes.get_title(loc="left") for axes in panels]
    assert titles[0] == "no synapse"
    assert titles[-1] == "synapse 30 ms"
    assert panels[0].lines[0].get_xdata()[-1] == pytest.approx(synthetic_tables.STEPS)


def test_engines_that_were_not_compared_are_said_to_be_so():
    empty = synthetic_tables.agreement(("net0",)).iloc[:0]
    figure = plot_engine_agreement(empty, title="T", network_labels=NETWORKS, palette="colorblind")
    assert any("reference engine alone" in text.get_text() for text in figure.texts)


def test_learning_curves_draw_a_thin_line_a_seed_and_a_thick_mean():
    one = synthetic_tables.history(("net0",), seeds=(0,))
    several = synthetic_tables.history(("net0",), seeds=(0, 1, 2))
    labels = {"net0": "N", "not trained": "M"}
    look = {"title": "T", "network_labels": labels, "palette": "colorblind"}
    assert len(plot_learning_curves(one, **look).axes[0].lines) == 2
    assert len(plot_learning_curves(several, **look).axes[0].lines) == 2 * (3 + 1)


def framed(figure, kind):
    """Cells (column, row) with a frame of this kind."""
    return {
        (int(patch.get_x()), int(patch.get_y()))
        for patch in figure.axes[0].patches
        if patch.get_gid() == kind
    }


def visible_texts(figure):
    def walk(artist):
        switched_off = isinstance(artist, Axis) and not artist.axes.axison
        if not artist.get_visible() or switched_off:
            return
        yield artist
        if isinstance(artist, Axis):
            # Ticks outside the view are kept, but not drawn.
            low, high = sorted(artist.get_view_interval())
            ticks = [t for t in artist.get_major_ticks() if low <= t.get_loc() <= high]
            children = [artist.label, artist.offsetText, *ticks]
        else:
            children = artist.get_children()
        for child in children:
            yield from walk(child)

    texts = [artist for artist in walk(figure) if isinstance(artist, Text)]
    return [text for text in texts if text.get_text().strip()]
