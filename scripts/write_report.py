"""Write the report of the study."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.report.page import write_report

    write_report(
        inputs=dict(snakemake.input.items()),
        figure_folder=snakemake.params.figure_folder,
        report_path=snakemake.output.report,
        config=snakemake.params.config,
    )
