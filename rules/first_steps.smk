# First steps with Nengo: notebooks, each run with its own parameters.

from spikesweep.code_hash import notebook_code

NOTEBOOKS = [
    notebook
    for notebook in of_part("first_steps", list(config["first_steps"]))
    # This one shows exported files.
    if notebook != "other_simulator" or "export" in PARTS
]
# What notebooks show of the study, by their names; the others need nothing of it.
SHOWN_FILES = {}
if NOTEBOOKS:
    SHOWN = slices.first_steps_slice(config, "study_network")
    SHOWN_FILES["study_network"] = {
        "network": f"{RESULTS}/snn/{SHOWN['network']}/seed{SHOWN['seed']}/network.npz",
        "dataset": dataset_file(SHOWN["network"]),
    }
    SHOWN_FILES["other_simulator"] = {
        form: of_first_seeds(f"{EXPORT}/{FORMS[form]}")[0]
        for form in ("description", "script", "example")
    }


rule run_notebook:
    input:
        unpack(lambda wc: SHOWN_FILES.get(wc.notebook, {})),
        notebook=f"{REPORT_TEXTS}/notebooks/{{notebook}}.ipynb",
        template=f"{REPORT_TEXTS}/notebooks/page.html.j2",
    output:
        notebook=f"{RESULTS}/first_steps/{{notebook}}.ipynb",
        page=report(
            f"{RESULTS}/first_steps/{{notebook}}.html",
            caption="../reports/captions/first_steps.rst",
            category=parts.category_of("first_steps"),
            labels={"notebook": "{notebook}"},
        ),
    log:
        f"{RESULTS}/logs/run_notebook/{{notebook}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_notebook/{{notebook}}.tsv"
    wildcard_constraints:
        notebook=one_of(NOTEBOOKS),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=1000,
    params:
        config=lambda wc: slices.first_steps_slice(config, wc.notebook),
        # What its cells import, besides what runs them. (Snakemake compares no parameter that
        # is made from `input`.)
        cells_code=lambda wc: notebook_code(
            f"{REPORT_TEXTS}/notebooks/{wc.notebook}.ipynb", SCRIPTS
        ),
        code=code_of("run_notebook"),
    message:
        "Running the notebook {wildcards.notebook}"
    script:
        "../scripts/run_notebook.py"
