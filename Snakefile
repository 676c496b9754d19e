# Spikesweep: from image datasets to spiking networks to a report.
#
#   datasets -> trained networks -> converted SNNs -> sweeps, firing rates -> figures -> report
#
# `snakemake --cores 8` runs the study of config/config.yaml;
# `snakemake --configfile config/smoke.yaml` lays another file over it.

from snakemake.utils import min_version

min_version("9.0")


configfile: "config/config.yaml"


include: "rules/common.smk"


rule all:
    default_target: True
    input:
        f"{RESULTS}/report.html",


# ------------------------------------------------------------------------- data and networks


include: "rules/datasets.smk"
include: "rules/networks.smk"
include: "rules/conversion.smk"


# -------------------------------------------------------------------------------- experiments


include: "rules/sweeps.smk"
include: "rules/firing_rates.smk"
include: "rules/engines.smk"


# -------------------------------------------------------------------------- figures and report


include: "rules/figures.smk"
include: "rules/report.smk"
