# The cheapest setting that keeps a network's accuracy: searched, recommended, checked.

FOUND = "recommendations/{network}"


rule search_settings:
    input:
        dataset=dataset_of,
        networks=seeds_of_network("snn/{network}/seed{seed}/network.npz"),
    output:
        search=f"{RESULTS}/{FOUND}_search.csv",
        validation=f"{RESULTS}/{FOUND}_validation.csv",
        metadata=f"{RESULTS}/{FOUND}_search.metadata.json",
    log:
        f"{RESULTS}/logs/search_settings/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/search_settings/{{network}}.tsv"
    # Before the other long jobs: several others wait for it, one after the other.
    priority: 6
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2500,
        runtime=480,
    params:
        config=lambda wc: slices.recommendation_slice(config, wc.network),
        code=code_of("search_settings"),
    message:
        "Searching for the cheapest accurate setting of {wildcards.network}"
    script:
        "../scripts/search_settings.py"


rule recommend_setting:
    input:
        dataset=dataset_of,
        networks=seeds_of_network("snn/{network}/seed{seed}/network.npz"),
        search=f"{RESULTS}/{FOUND}_search.csv",
        validation=f"{RESULTS}/{FOUND}_validation.csv",
    output:
        snippet=f"{RESULTS}/{FOUND}.yaml",
        python=f"{RESULTS}/{FOUND}.py",
        candidates=f"{RESULTS}/{FOUND}_candidates.csv",
        answers=f"{RESULTS}/{FOUND}_answers.npz",
        savings=f"{RESULTS}/{FOUND}_savings.csv",
        layers=f"{RESULTS}/{FOUND}_layers.csv",
        metadata=f"{RESULTS}/{FOUND}_candidates.metadata.json",
    log:
        f"{RESULTS}/logs/recommend_setting/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/recommend_setting/{{network}}.tsv"
    # As the search: others wait for it, too.
    priority: 6
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
        runtime=480,
    params:
        config=lambda wc: slices.recommendation_choice_slice(config, wc.network),
        code=code_of("recommend_setting"),
    message:
        "Recommending a setting for {wildcards.network}"
    script:
        "../scripts/recommend_setting.py"


rule check_recommendation:
    input:
        dataset=dataset_of,
        networks=seeds_of_network("snn/{network}/seed{seed}/network.npz"),
        ann_classes=seeds_of_network("snn/{network}/seed{seed}/ann_classes.npy"),
        snippet=f"{RESULTS}/{FOUND}.yaml",
        candidates=f"{RESULTS}/{FOUND}_candidates.csv",
    output:
        check=f"{RESULTS}/{FOUND}_check.csv",
        metadata=f"{RESULTS}/{FOUND}_check.metadata.json",
    log:
        f"{RESULTS}/logs/check_recommendation/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/check_recommendation/{{network}}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
    params:
        config=lambda wc: slices.recommendation_check_slice(config, wc.network),
        seeds=lambda wc: slices.seeds_of(config, wc.network),
        code=code_of("check_recommendation"),
    message:
        "Checking the recommended setting of {wildcards.network} on test images"
    script:
        "../scripts/check_recommendation.py"


rule compare_baselines:
    input:
        dataset=dataset_of,
        networks=lambda wc: [
            f"{RESULTS}/snn/{wc.network}/seed{seed}/network.npz"
            for seed in slices.baseline_seeds_of(config, wc.network)
        ],
        candidates=f"{RESULTS}/{FOUND}_candidates.csv",
        answers=f"{RESULTS}/{FOUND}_answers.npz",
        validation=f"{RESULTS}/{FOUND}_validation.csv",
    output:
        settings=f"{RESULTS}/{FOUND}_baselines.csv",
        methods=f"{RESULTS}/{FOUND}_baseline_costs.csv",
        metadata=f"{RESULTS}/{FOUND}_baselines.metadata.json",
    log:
        f"{RESULTS}/logs/compare_baselines/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/compare_baselines/{{network}}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
        runtime=480,
    params:
        config=lambda wc: slices.baselines_slice(config, wc.network),
        code=code_of("compare_baselines"),
    message:
        "Comparing published scales of {wildcards.network} with the recommended ones"
    script:
        "../scripts/compare_baselines.py"


use rule make_tables as tabulate_recommendations with:
    input:
        candidates=expand(f"{RESULTS}/{FOUND}_candidates.csv", network=NETWORKS),
        checks=expand(f"{RESULTS}/{FOUND}_check.csv", network=NETWORKS),
        savings=expand(f"{RESULTS}/{FOUND}_savings.csv", network=NETWORKS),
        searches=expand(f"{RESULTS}/{FOUND}_search.csv", network=NETWORKS),
        baselines=expand(f"{RESULTS}/{FOUND}_baseline_costs.csv", network=NETWORKS),
    output:
        recommendations=report(
            f"{RESULTS}/recommendations.csv",
            caption="../reports/captions/recommendations.rst",
            category=parts.category_of("recommendation"),
            labels={"table": "recommended settings"},
        ),
        methods=report(
            f"{RESULTS}/search_methods.csv",
            caption="../reports/captions/search_methods.rst",
            category=parts.category_of("recommendation"),
            labels={"table": "search methods"},
        ),
        baselines=report(
            f"{RESULTS}/baselines.csv",
            caption="../reports/captions/baselines.rst",
            category=parts.category_of("recommendation"),
            labels={"table": "published scales"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_recommendations.log",
    params:
        **table_params("recommendation.tabulate", {}),
    message:
        "Tabulating the recommended settings"


use rule plot_figure as plot_recommendation with:
    input:
        search=f"{RESULTS}/{FOUND}_search.csv",
        candidates=f"{RESULTS}/{FOUND}_candidates.csv",
        check=f"{RESULTS}/{FOUND}_check.csv",
        layers=f"{RESULTS}/{FOUND}_layers.csv",
    output:
        **figure_files("recommendation"),
    log:
        figure_log("recommendation"),
    params:
        **figure_params("recommendation"),


use rule plot_figure as plot_baselines with:
    input:
        settings=f"{RESULTS}/{FOUND}_baselines.csv",
        methods=f"{RESULTS}/{FOUND}_baseline_costs.csv",
    output:
        **figure_files("baselines"),
    log:
        figure_log("baselines"),
    params:
        **figure_params("baselines"),
