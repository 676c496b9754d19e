# What made the results, and the page that shows all of it.

PUBLISHED_COMPARISON = [f"{RESULTS}/published_comparison.csv"] if COMPARED else []
STUDY_PARTS = parts.parts_of(config["study"]["parts"])
FIGURES = [
    figure.name
    for part in STUDY_PARTS
    for figure in part.figures
    # There are none if all networks are users' files.
    if figure.name != "learning_curves" or LEARNED
]
CAPTIONS = [*FIGURES, *(Path(table).stem for table in PUBLISHED_COMPARISON)]
# By name; empty for studies that do not run.
PART_TABLES = {
    table.name: table_files(table) if part in STUDY_PARTS else []
    for part in parts.PARTS
    for table in part.tables
}
# Set-up fetches it; without it, the report has no charts.
CHARTS = [
    str(path)
    for path in [Path(REPORT_TEXTS).parent / "envs" / "charts.js"]
    if path.is_file()
]
PAGE_FILES = [
    str(path)
    for folder in ("sections", "page")
    for path in sorted(Path(REPORT_TEXTS, folder).iterdir())
]
DATASET_METADATA = expand(f"{DATA}/{{dataset}}.metadata.json", dataset=DATASETS)
WITH_VARIANTS = NETWORKS + PRUNED + PREPROCESSED
# What each job that made a model or numbers wrote next to its results.
METADATA = [
    *DATASET_METADATA,
    *of_seeds("networks/{network}/seed{seed}/metadata.json", WITH_VARIANTS),
    *of_converted_seeds("snn/{network}/seed{seed}/metadata.json", WITH_VARIANTS),
    *of_converted_seeds(f"{SWEEP}.metadata.json", WITH_VARIANTS),
    *of_seeds(f"{RATES}.metadata.json"),
    *of_first_seeds(f"{AGREEMENT}.metadata.json"),
    *of_part("settling", of_seeds(f"{SETTLING}.metadata.json")),
    *of_part("skip_paths", of_seeds(f"{SKIP_PATHS}.metadata.json", RESIDUAL)),
    *of_part("neuron_cost", of_seeds(f"{NEURON_COST}.metadata.json")),
    *of_part("spikes_or_neuron", of_seeds(f"{AGAIN}.metadata.json")),
    *of_part("layer_scaling", of_seeds(f"{SUBSETS}.metadata.json")),
    *of_part("rate_transfer", of_seeds(f"{TRANSFER}.metadata.json")),
    *of_part("rate_transfer", [f"{RESULTS}/rate_transfer/benefit.metadata.json"]),
    *of_part(
        "recommendation",
        expand(
            f"{RESULTS}/{FOUND}_{{stage}}.metadata.json",
            network=NETWORKS,
            stage=["search", "candidates", "check", "baselines"],
        ),
    ),
    *of_part("export", of_first_seeds(f"{EXPORT}/metadata.json")),
    *(path.replace(".csv", ".metadata.json") for path in REPLAYS),
    *PRUNED_EXPORTS,
]


rule record_provenance:
    input:
        metadata=METADATA,
    output:
        config=report(
            f"{RESULTS}/provenance/config.yaml",
            caption="../reports/captions/provenance.rst",
            category=parts.category_of("provenance"),
            labels={"table": "config"},
        ),
        versions=report(
            f"{RESULTS}/provenance/versions.csv",
            caption="../reports/captions/provenance.rst",
            category=parts.category_of("provenance"),
            labels={"table": "versions"},
        ),
    log:
        f"{RESULTS}/logs/record_provenance.log",
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=700,
    params:
        # The one job that shows the whole config may depend on the whole config.
        config=slices.resolved(config),
        code=code_of("record_provenance"),
    message:
        "Recording the config and the versions"
    script:
        "../scripts/record_provenance.py"


rule write_report:
    input:
        **PART_TABLES,
        **EXPORTS,
        template=f"{REPORT_TEXTS}/report.html.j2",
        sections=PAGE_FILES,
        captions=expand(f"{REPORT_TEXTS}/captions/{{name}}.rst", name=CAPTIONS),
        figures=figures_as("svg"),
        conversions=of_first_seeds("snn/{network}/seed{seed}/metadata.json"),
        imports=of_seeds("networks/{network}/seed{seed}/metadata.json", FROM_FILES),
        replaced=of_seeds("networks/{network}/seed{seed}/replaced_layers.csv", ADAPTED),
        # What else was tried with networks that the sweep does not bring to the ANN's accuracy.
        settling=of_part("settling", of_seeds(f"{SETTLING}.csv")),
        neurons=of_part("neuron_cost", of_seeds(f"{NEURON_COST}.csv")),
        published=PUBLISHED_COMPARISON,
        snippets=of_part(
            "recommendation", expand(f"{RESULTS}/{FOUND}.yaml", network=NETWORKS)
        ),
        python_lines=of_part(
            "recommendation", expand(f"{RESULTS}/{FOUND}.py", network=NETWORKS)
        ),
        notebooks=expand(f"{RESULTS}/first_steps/{{notebook}}.html", notebook=NOTEBOOKS),
        datasets=DATASET_METADATA,
        config=f"{RESULTS}/provenance/config.yaml",
        charts=CHARTS,
    output:
        report=f"{RESULTS}/report.html",
        # What the end of a run says.
        summary=f"{RESULTS}/summary.txt",
        # The report is the last result, so that all others can be recorded with it.
        record=f"{RESULTS}/provenance/record.json",
    log:
        f"{RESULTS}/logs/write_report.log",
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=1000,
    params:
        config=slices.report_slice(config) | {"study": STUDY},
        figure_folder=lambda wc, output: str(Path(output.report).parent / "figures"),
        results=lambda wc, output: str(Path(output.report).parent),
        prepared=[
            f"{DATA}/{name}.{suffix}"
            for name in DATASETS
            for suffix in ("npz", "csv", "metadata.json")
        ],
        judged=lambda wc: {
            "inputs": {
                name: [*map(str, [files] if isinstance(files, str) else files)]
                for name, files in rules.judge_findings.input.items()
            },
            "config": slices.findings_slice(config),
        },
        code=code_of("write_report"),
    message:
        "Writing the report"
    script:
        "../scripts/write_report.py"
