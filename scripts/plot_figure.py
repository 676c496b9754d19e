"""Draw one figure from its tables."""

from importlib import import_module

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.plots.style import save_figure
    from spikesweep.tables import read_inputs

    options = dict(snakemake.params.items())
    module, look = options.pop("module"), options.pop("config")
    pdf_titles = options.pop("pdf_titles")
    del options["code"]
    draw = getattr(import_module(module), module.rpartition(".")[2])
    figure = draw(**read_inputs(snakemake.input), **look, **options)
    save_figure(figure, **dict(snakemake.output.items()), pdf_title=pdf_titles)
