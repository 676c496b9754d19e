"""Write the report of the study."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.report.page import write_report

    write_report(
        inputs=dict(snakemake.input.items()),
        figure_folder=snakemake.params.figure_folder,
        report_path=snakemake.output.report,
        config=snakemake.params.config,
    )
