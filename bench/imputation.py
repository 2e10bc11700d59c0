"""How well missing cells are filled: this library beside means and modes, and scikit-learn's IterativeImputer.

Usage: REPARAM_DATA=... /usr/bin/python3 bench/imputation.py [--seeds N] [--sets SET,...] [--shares X,...]
    [--out FILE] [OPTION...]

A share of the cells of german and cardio is removed at random; the same table is the training data and is filled.
Prints the root of the mean squared error of numbers, each column in standard deviations, and the share of wrong
categories, as mean and standard deviation over seeds. IterativeImputer sees the number of a category, and its fill is
rounded to the nearest one. Further options go to `reparam train`.
"""
import argparse
import os
import tempfile
import warnings

import numpy as np
import pandas as pd
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, SimpleImputer

import tables


def codes(table, categories):
    """The table as numbers; a category is its position among the sorted values."""
    return table.assign(**{c: table[c].astype("category").cat.codes for c in categories}).astype(float)


def ours(table, missing, seed, options):
    with tempfile.TemporaryDirectory() as where:
        run = tables.train(table.astype(str).mask(missing, ""), where, seed, *options)
        out = os.path.join(where, "filled.csv")
        tables.reparam("impute", run, "--data", os.path.join(where, "train.csv"), "--out", out, "--quiet")
        filled = pd.read_csv(out)
        return filled.astype({c: table[c].dtype for c in table if table[c].dtype == object})


def fills(table, missing, seed, options):
    real, categories = tables.kinds(table)
    coded = codes(table, categories)
    holes = coded.mask(missing)
    # The values of a category that is filled are those of the whole table, so that codes agree.
    own = ours(table, missing, seed, options)
    for c in categories:
        own[c] = pd.Categorical(own[c], categories=sorted(table[c].unique())).codes
    yield "this library", own.astype(float)
    simple = holes.copy()
    simple[real] = SimpleImputer(strategy="mean").fit_transform(holes[real]) if real else holes[real]
    if categories:
        simple[categories] = SimpleImputer(strategy="most_frequent").fit_transform(holes[categories])
    yield "mean or mode", simple
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rounds without convergence
        iterative = pd.DataFrame(IterativeImputer(random_state=seed).fit_transform(holes), columns=table.columns)
    for c in categories:
        iterative[c] = iterative[c].round().clip(0, coded[c].max())
    yield "IterativeImputer", iterative


def errors(table, missing, filled):
    real, categories = tables.kinds(table)
    truth = codes(table, categories)
    deviations = ((filled - truth) / truth.std(ddof=0))[real].to_numpy()[missing[real].to_numpy()]
    wrong = (filled != truth)[categories].to_numpy()[missing[categories].to_numpy()] if categories else np.array(np.nan)
    return np.sqrt((deviations ** 2).mean()), wrong.mean()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sets", default="german,cardio")
    parser.add_argument("--shares", default="0.1,0.3,0.5")
    parser.add_argument("--out")
    arguments, options = parser.parse_known_args()
    lines = ["| set | removed | filled by | error of numbers, SD | wrong categories, % |", "|---|---:|---|---:|---:|"]
    print("\n".join(lines), flush=True)
    for name in arguments.sets.split(","):
        table = tables.german() if name == "german" else tables.adbench(name)[0]
        for share in map(float, arguments.shares.split(",")):
            results = {}
            for seed in range(arguments.seeds):
                rng = np.random.RandomState(seed)
                missing = pd.DataFrame(rng.uniform(size=table.shape) < share, columns=table.columns)
                for method, filled in fills(table, missing, seed, options):
                    results.setdefault(method, []).append(errors(table, missing, filled))
            for method, values in results.items():
                (number, category), (number_sd, category_sd) = np.mean(values, 0), np.std(values, 0)
                shown = "" if np.isnan(category) else f"{100 * category:.1f} ± {100 * category_sd:.1f}"
                lines.append(f"| {name} | {share:.0%} | {method} | {number:.3f} ± {number_sd:.3f} | {shown} |")
                print(lines[-1], flush=True)
    if arguments.out:
        with open(arguments.out, "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
