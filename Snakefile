# Spikesweep: from image datasets to spiking networks to a report.
#
#   datasets -> trained, pruned, preprocessed networks -> converted SNNs
#     -> sweeps, firing rates, layer scaling -> findings, figures -> report
#
# `snakemake --cores 8` runs the study of config/config.yaml;
# `snakemake --configfile config/smoke.yaml` applies an overlay on top of it.

from snakemake.utils import min_version

# Older versions do not read profiles/*/profile.yaml.
min_version("9.19")


include: "rules/place.smk"


configfile: "config/config.yaml"


include: "rules/common.smk"


onstart:
    # Snakemake 9 starts one more timer with each job that ends, and each wakes its scheduler once
    # a second for the rest of the run, to see whether more jobs may start in that second: after
    # some hundred jobs that takes most of a core. Cores and memory limit jobs here, not seconds.
    workflow.scheduler.job_rate_limiter = None
    record_machine(Path.cwd())
    RUN.begin(workflow, logger)


onsuccess:
    print(
        *filter(None, [RUN.end(), told_excess(Path(RESULTS, "benchmarks"))]),
        sep="\n",
    )
    # `make` says the rest itself, even if there was nothing to do.
    if "MAKELEVEL" not in os.environ:
        print(closing_words(RESULTS), end="")


onerror:
    print(*filter(None, [RUN.end(), told_failures(log)]), sep="\n", file=sys.stderr)


rule all:
    default_target: True
    input:
        f"{RESULTS}/report.html",
        # Without them, a finished study would not notice that one of them cannot be made, or that
        # another format is asked for.
        lambda wildcards: [
            file
            for suffix in config["figures"]["formats"]
            for file in figures_as(suffix)
        ],
        lambda wildcards: rules.write_report.input.captions,
    # Without it, Snakemake lists all of them at the end.
    message:
        "The study is complete"


# --------------------------------------------------------------------- data and networks


include: "rules/bases.smk"
include: "rules/datasets.smk"
include: "rules/networks.smk"
include: "rules/conversion.smk"


# ------------------------------------------------------------------------------- studies


include: "rules/synapse_and_scaling.smk"
include: "rules/settling.smk"
include: "rules/skip_paths.smk"
include: "rules/neuron_cost.smk"
include: "rules/firing_rates.smk"
include: "rules/engine_agreement.smk"
include: "rules/layer_scaling.smk"
include: "rules/rate_transfer.smk"
include: "rules/spikes_or_neuron.smk"
include: "rules/recommendation.smk"
include: "rules/export.smk"
include: "rules/pruning.smk"
include: "rules/preprocessing.smk"
include: "rules/first_steps.smk"


# ---------------------------------------------------------------------- findings, report


include: "rules/findings.smk"
include: "rules/report.smk"
