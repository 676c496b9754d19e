"""Write the report of the study."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.report.page import write_report

    write_report(
        template_path=snakemake.input.template,
        caption_paths=snakemake.input.captions,
        figure_folder=snakemake.params.figure_folder,
        figure_paths=snakemake.input.figures,
        main_numbers_path=snakemake.input.main_numbers,
        accuracy_paths=snakemake.input.accuracies,
        agreement_paths=snakemake.input.agreement,
        published_paths=snakemake.input.published,
        dataset_metadata_paths=snakemake.input.datasets,
        config_path=snakemake.input.config,
        versions_path=snakemake.input.versions,
        report_path=snakemake.output.report,
        config=snakemake.params.config,
    )
