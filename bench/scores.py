"""Whether p-values are right, and whether the first cause of a score is the cell that was changed.

Usage: REPARAM_DATA=... /usr/bin/python3 bench/scores.py [--models N] [--splits N] [--tries N] [--sets SET,...]
    [--out FILE] [OPTION...]

Calibration: models are trained on half of the normal rows and score the other half. Prints the share of those rows
that is called at 1, 5 and 10 %, by the p-values in the score's file (mean over models), and by p-values of random
splits of the scores into 200 held-out rows and the rest (mean over splits, with its standard error).
Attribution: in each try one cell of a row that was not trained on is moved by 4 standard deviations up or down, or set
to a category that does not exist. Prints how often its column is the first cause, and is among the first three.
Further options go to `reparam train`.
"""
import argparse
import os
import tempfile

import numpy as np
import pandas as pd

import tables

RATES = [0.01, 0.05, 0.1]
REFERENCE = 200


def rows_of(name):
    if name == "german":
        return tables.german()
    table, strange = tables.adbench(name)
    return table[~strange]


def calibration(name, models, splits, options):
    table = rows_of(name)
    own, split = [], []
    for seed in range(models):
        rng = np.random.RandomState(seed)
        order = rng.permutation(len(table))
        result = tables.scores(table.iloc[order[: len(table) // 2]], table.iloc[order[len(table) // 2:]], seed, options)
        own.append([(result["p_value"] <= rate).mean() for rate in RATES])
        score = result["score"].to_numpy()
        for _ in range(splits // models):
            score = rng.permutation(score)
            reference, new = np.sort(score[:REFERENCE]), score[REFERENCE:]
            p = (1 + REFERENCE - np.searchsorted(reference, new)) / (1 + REFERENCE)
            split.append([(p <= rate).mean() for rate in RATES])
    own, split = np.array(own), np.array(split)
    cells = [f"{100 * own[:, i].mean():.2f} ± {100 * own[:, i].std() / len(own) ** 0.5:.2f} | "
        f"{100 * split[:, i].mean():.2f} ± {100 * split[:, i].std() / len(split) ** 0.5:.2f}"
        for i in range(len(RATES))]
    return f"| {name} | " + " | ".join(cells) + " |"


def attribution(name, tries, options, seed=0):
    table, rng = rows_of(name), np.random.RandomState(seed)
    order = rng.permutation(len(table))
    training, rest = table.iloc[order[: len(table) // 2]], table.iloc[order[len(table) // 2:]]
    numbers, _ = tables.kinds(table)
    test = rest.iloc[rng.randint(len(rest), size=tries)].reset_index(drop=True).astype(object)
    changed = rng.choice(table.columns, tries)
    for row, column in enumerate(changed):
        at = test.columns.get_loc(column)
        test.iat[row, at] = "new" if column not in numbers else (
            test.iat[row, at] + rng.choice([-4, 4]) * training[column].std())
    causes = tables.scores(training, test, seed, options)
    first = (causes["cause1"] == changed).to_numpy()
    three = (causes[["cause1", "cause2", "cause3"]].to_numpy() == changed[:, None]).any(1)
    isnumber = np.isin(changed, numbers)
    cells = [f"{100 * s[part].mean():.1f}" if part.any() else "" for part in (isnumber, ~isnumber)
        for s in (first, three)]
    return f"| {name} | " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=int, default=10)
    parser.add_argument("--splits", type=int, default=200)
    parser.add_argument("--tries", type=int, default=1000)
    parser.add_argument("--sets", default="cardio,thyroid,mammography,german")
    parser.add_argument("--out")
    arguments, options = parser.parse_known_args()
    lines = []

    def show(line):
        lines.append(line)
        print(line, flush=True)

    show("| called, % | at 1 % | splits | at 5 % | splits | at 10 % | splits |\n|---|---:|---:|---:|---:|---:|---:|")
    for name in arguments.sets.split(",") if arguments.models > 0 else []:
        show(calibration(name, arguments.models, arguments.splits, options))
    show("\n| changed cell found, % | number first | in the first 3 | category first | in the first 3 |\n"
        "|---|---:|---:|---:|---:|")
    for name in arguments.sets.split(","):
        show(attribution(name, arguments.tries, options))
    if arguments.out:
        with open(arguments.out, "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
