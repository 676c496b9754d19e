# First steps with Nengo: notebooks, each run with its own parameters.

from spikesweep.code_hash import notebook_code


rule run_notebook:
    input:
        unpack(study_network_inputs),
        notebook=f"{REPORT_TEXTS}/notebooks/{{notebook}}.ipynb",
        template=f"{REPORT_TEXTS}/notebooks/page.html.j2",
    output:
        notebook=f"{RESULTS}/first_steps/{{notebook}}.ipynb",
        page=report(
            f"{RESULTS}/first_steps/{{notebook}}.html",
            caption="../reports/captions/first_steps.rst",
            category="10 First steps",
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
    threads: 1
    resources:
        mem_mb=1000,
    params:
        config=lambda wc: first_steps_slice(wc.notebook),
        # What its cells import, beside what runs them. (Snakemake compares no parameter that
        # is made from `input`.)
        cells_code=lambda wc: notebook_code(
            f"{REPORT_TEXTS}/notebooks/{wc.notebook}.ipynb", SCRIPTS
        ),
        code=code_of("run_notebook"),
    message:
        "Running the notebook {wildcards.notebook}"
    script:
        "../scripts/run_notebook.py"
