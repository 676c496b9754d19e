"""Run one notebook with the parameters of the config, and render it as a web page."""

from pathlib import Path

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.notebooks.run import run_notebook

    results = dict(snakemake.input.items())
    run_notebook(
        notebook_path=results.pop("notebook"),
        template_path=results.pop("template"),
        executed_path=snakemake.output.notebook,
        page_path=snakemake.output.page,
        unfinished_path=Path(snakemake.log[0]).with_suffix(".ipynb"),
        parameters=snakemake.params.config,
        files={f"{name}_file": path for name, path in results.items()},
    )
