"""Write the report of the study, and record all of its results."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.report.page import write_report
    from spikesweep.verification.record import write_record

    shown = {
        "inputs": dict(snakemake.input.items()),
        "figure_folder": snakemake.params.figure_folder,
        "config": snakemake.params.config,
    }
    write_report(
        **shown, report_path=snakemake.output.report, summary_path=snakemake.output.summary
    )
    write_record(
        snakemake.params.results,
        snakemake.params.prepared,
        {"judge_findings": snakemake.params.judged, "write_report": shown},
    )
