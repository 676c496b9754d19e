# What made the results, the main numbers, and the page that shows all of it.


rule tabulate_main_numbers:
    input:
        sweeps=all_sweep_csvs(),
    output:
        numbers=report(
            f"{RESULTS}/main_numbers.csv",
            caption="../reports/captions/main_numbers.rst",
            category="0 Main numbers",
            labels={"table": "main numbers"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_main_numbers.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=main_numbers_slice(),
        code=code_of("tabulate_main_numbers"),
    message:
        "Tabulating the main numbers"
    script:
        "../scripts/tabulate_main_numbers.py"


rule record_provenance:
    input:
        metadata=result_metadata(),
    output:
        config=report(
            f"{RESULTS}/provenance/config.yaml",
            caption="../reports/captions/provenance.rst",
            category="6 Provenance",
            labels={"table": "config"},
        ),
        versions=report(
            f"{RESULTS}/provenance/versions.csv",
            caption="../reports/captions/provenance.rst",
            category="6 Provenance",
            labels={"table": "versions"},
        ),
    log:
        f"{RESULTS}/logs/record_provenance.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        # The one job that shows the whole config may depend on the whole config.
        config=resolved_config(),
        code=code_of("record_provenance"),
    message:
        "Recording the config and the versions"
    script:
        "../scripts/record_provenance.py"


rule write_report:
    input:
        template=f"{REPORT_TEXTS}/report.html.j2",
        sections=report_sections(),
        captions=captions(),
        figures=figure_files(),
        main_numbers=f"{RESULTS}/main_numbers.csv",
        accuracies=accuracy_csvs(),
        agreement=agreement_csvs(),
        published=published_comparison(),
        findings=f"{RESULTS}/findings.csv",
        recommendations=recommendations(),
        snippets=recommendation_snippets(),
        knee=pruning_knee(),
        pruned_scale=pruned_scale(),
        ranking=preprocessing_ranking(),
        notebooks=notebook_pages(),
        datasets=dataset_metadata(),
        config=f"{RESULTS}/provenance/config.yaml",
        versions=f"{RESULTS}/provenance/versions.csv",
    output:
        report=f"{RESULTS}/report.html",
    log:
        f"{RESULTS}/logs/write_report.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        config=report_slice(),
        figure_folder=lambda wc, output: str(Path(output.report).parent / "figures"),
        code=code_of("write_report"),
    message:
        "Writing the report"
    script:
        "../scripts/write_report.py"
