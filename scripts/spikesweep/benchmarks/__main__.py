"""Measure how fast both simulation engines are on this machine."""

import argparse

import spikesweep.runtime as runtime
from spikesweep.snn.neurons import NEURON_TYPES


def main() -> None:
    """Print a table of throughputs or, with --profile, how `fused` spends its time."""
    parser = argparse.ArgumentParser(prog="python -m spikesweep.benchmarks", description=__doc__)
    parser.add_argument(
        "cases",
        nargs="+",
        metavar="NAME=NETWORK.npz,DATASET.npz",
        help="a converted network and a dataset whose test images it is shown",
    )
    parser.add_argument(
        "--threads", type=int, default=2, help="threads of each engine (%(default)s)"
    )
    parser.add_argument("--steps", type=int, default=30, help="time steps (%(default)s)")
    parser.add_argument("--images", type=int, default=1000, help="for one setting (%(default)s)")
    parser.add_argument(
        "--neurons", nargs="+", choices=NEURON_TYPES, default=[*NEURON_TYPES], help="(all)"
    )
    parser.add_argument("--profile", action="store_true", help="where the time of `fused` goes")
    arguments = parser.parse_args()
    # Set before anything imports NumPy or TensorFlow; the measuring processes inherit it.
    runtime.limit_threads(arguments.threads)
    from spikesweep.benchmarks.engines import Case, benchmark_network, profile_fused, studies
    from spikesweep.snn.network import load_network

    cases = {}
    for text in arguments.cases:
        name, _, paths = text.partition("=")
        cases[name] = Case(*paths.split(","))
    if arguments.profile:
        for name, case in cases.items():
            for study, settings in studies(load_network(case.network)).items():
                print(f"\n{name}, {study}")
                table = profile_fused(
                    case, settings, steps=arguments.steps, images=max(20, 1000 // len(settings))
                )
                print(table.to_string(index=False, float_format="{:.3g}".format))
        return
    for name, case in cases.items():
        table = benchmark_network(
            case,
            name,
            threads=arguments.threads,
            neurons=arguments.neurons,
            steps=arguments.steps,
            images=arguments.images,
        )
        print(table.to_string(index=False, float_format="{:.3g}".format))


if __name__ == "__main__":
    main()
