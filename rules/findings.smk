# Verdicts on the claims of the original study.


rule judge_findings:
    input:
        sweeps=all_sweep_csvs(),
        pruning=pruning_knee(),
        layers=layer_scaling_csvs(),
        matched=matched_csvs(),
        benefit=rate_benefit(),
    output:
        findings=report(
            f"{RESULTS}/findings.csv",
            caption="../reports/captions/findings.rst",
            category="9 Findings",
            labels={"table": "verdicts"},
        ),
    log:
        f"{RESULTS}/logs/judge_findings.log",
    benchmark:
        f"{RESULTS}/benchmarks/judge_findings.tsv"
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=findings_slice(),
        code=code_of("judge_findings"),
    message:
        "Judging the claims of the original study"
    script:
        "../scripts/judge_findings.py"


rule plot_findings:
    input:
        findings=f"{RESULTS}/findings.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/findings.svg",
            caption="../reports/captions/findings.rst",
            category="9 Findings",
            labels={"figure": "effects"},
        ),
        png=f"{RESULTS}/figures/findings.png",
    log:
        f"{RESULTS}/logs/plot_findings.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("findings"),
        code=code_of("plot_findings"),
    message:
        "Drawing the findings"
    script:
        "../scripts/plot_findings.py"
