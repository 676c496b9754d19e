# The cheapest scale of each layer that keeps a network's accuracy: searched, recommended, checked.


rule search_settings:
    input:
        dataset=dataset_of,
        networks=lambda wc: of_seeds(
            "snn/{network}/seed{seed}/network.npz", [wc.network]
        ),
    output:
        search=f"{RESULTS}/recommendations/{{network}}_search.csv",
        validation=f"{RESULTS}/recommendations/{{network}}_validation.csv",
        metadata=f"{RESULTS}/recommendations/{{network}}_search.metadata.json",
    log:
        f"{RESULTS}/logs/search_settings/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/search_settings/{{network}}.tsv"
    priority: 5
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2500,
    params:
        config=lambda wc: recommendation_slice(wc.network),
        code=code_of("search_settings"),
    message:
        "Searching for the cheapest accurate setting of {wildcards.network}"
    script:
        "../scripts/search_settings.py"


rule recommend_setting:
    input:
        dataset=dataset_of,
        networks=lambda wc: of_seeds(
            "snn/{network}/seed{seed}/network.npz", [wc.network]
        ),
        search=f"{RESULTS}/recommendations/{{network}}_search.csv",
        validation=f"{RESULTS}/recommendations/{{network}}_validation.csv",
    output:
        snippet=f"{RESULTS}/recommendations/{{network}}.yaml",
        candidates=f"{RESULTS}/recommendations/{{network}}_candidates.csv",
        layers=f"{RESULTS}/recommendations/{{network}}_layers.csv",
        metadata=f"{RESULTS}/recommendations/{{network}}_candidates.metadata.json",
    log:
        f"{RESULTS}/logs/recommend_setting/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/recommend_setting/{{network}}.tsv"
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=lambda wc: recommendation_slice(wc.network),
        code=code_of("recommend_setting"),
    message:
        "Recommending a setting for {wildcards.network}"
    script:
        "../scripts/recommend_setting.py"


rule check_recommendation:
    input:
        dataset=dataset_of,
        networks=lambda wc: of_seeds(
            "snn/{network}/seed{seed}/network.npz", [wc.network]
        ),
        ann_classes=lambda wc: of_seeds(
            "snn/{network}/seed{seed}/ann_classes.npy", [wc.network]
        ),
        snippet=f"{RESULTS}/recommendations/{{network}}.yaml",
        candidates=f"{RESULTS}/recommendations/{{network}}_candidates.csv",
    output:
        check=f"{RESULTS}/recommendations/{{network}}_check.csv",
        metadata=f"{RESULTS}/recommendations/{{network}}_check.metadata.json",
    log:
        f"{RESULTS}/logs/check_recommendation/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/check_recommendation/{{network}}.tsv"
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=recommendation_check_slice(),
        seeds=lambda wc: seeds_of(wc.network),
        code=code_of("check_recommendation"),
    message:
        "Checking the recommended setting of {wildcards.network} on test images"
    script:
        "../scripts/check_recommendation.py"


rule tabulate_recommendations:
    input:
        candidates=expand(
            f"{RESULTS}/recommendations/{{network}}_candidates.csv", network=NETWORKS
        ),
        checks=expand(
            f"{RESULTS}/recommendations/{{network}}_check.csv", network=NETWORKS
        ),
        searches=expand(
            f"{RESULTS}/recommendations/{{network}}_search.csv", network=NETWORKS
        ),
    output:
        recommendations=report(
            f"{RESULTS}/recommendations.csv",
            caption="../reports/captions/recommendations.rst",
            category="8 Recommendation",
            labels={"table": "recommended settings"},
        ),
        methods=report(
            f"{RESULTS}/search_methods.csv",
            caption="../reports/captions/search_methods.rst",
            category="8 Recommendation",
            labels={"table": "search methods"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_recommendations.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        code=code_of("tabulate_recommendations"),
    message:
        "Tabulating the recommended settings"
    script:
        "../scripts/tabulate_recommendations.py"


rule plot_recommendation:
    input:
        search=f"{RESULTS}/recommendations/{{network}}_search.csv",
        check=f"{RESULTS}/recommendations/{{network}}_check.csv",
        layers=f"{RESULTS}/recommendations/{{network}}_layers.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/recommendation/{{network}}.svg",
            caption="../reports/captions/recommendation.rst",
            category="8 Recommendation",
            labels={"network": "{network}", "figure": "recommendation"},
        ),
        png=f"{RESULTS}/figures/recommendation/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_recommendation/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("recommendation", wc.network),
        margin=main_numbers_slice(),
        code=code_of("plot_recommendation"),
    message:
        "Drawing the search for a setting of {wildcards.network}"
    script:
        "../scripts/plot_recommendation.py"
