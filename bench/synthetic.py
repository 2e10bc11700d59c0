"""How good synthetic rows of german.data are.

Usage: REPARAM_DATA=... /usr/bin/python3 bench/synthetic.py [--seeds N] [--out FILE] [OPTION...]

Trains on a random 700 of the 1,000 rows, and draws 1,000 rows. Prints, as means and standard deviations over seeds:
- the share of rows with a category, a range or a type that the training rows do not have (should be 0);
- the AUC with which gradient boosting tells real rows from synthetic ones in 5 folds, beside that of independent
  columns (real columns, each shuffled) and that of the 300 held-out real rows (0.5 is perfect);
- the accuracy and the ROC AUC on held-out rows of a classifier of column21 that was trained on synthetic rows, beside
  one that was trained on the real rows and beside the share of the more frequent class;
- the share of 200 rows that meet the conditions column21=2,column13=30..40 (should be 1).
Further options go to `reparam train`.
"""
import argparse
import os
import tempfile

import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

import tables

CLASS = "column21"


def invalid(rows, real):
    """The share of rows with a cell that the real table could not have."""
    numbers, categories = tables.kinds(real)
    wrong = np.zeros(len(rows), bool)
    for c in categories:
        wrong |= ~rows[c].isin(real[c].unique()).to_numpy()
    for c in numbers:
        cell = pd.to_numeric(rows[c], errors="coerce")
        whole = (real[c] % 1 == 0).all()
        wrong |= ~(cell.between(real[c].min(), real[c].max()) & (cell % 1 == 0 if whole else True)).to_numpy()
    return wrong.mean()


def one_hot(table, like):
    numbers, categories = tables.kinds(like)
    return np.hstack([table[numbers].to_numpy(float)] + [
        np.array([table[c] == v for v in sorted(like[c].unique())], float).T for c in categories])


def detection(real, other, like, seed):
    x = np.vstack([one_hot(real, like), one_hot(other, like)])
    y = np.arange(len(x)) >= len(real)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    guess = cross_val_predict(
        GradientBoostingClassifier(random_state=seed), x, y, cv=folds, method="predict_proba")[:, 1]
    return roc_auc_score(y, guess)


def utility(training, test, like, seed):
    columns = [c for c in like if c != CLASS]
    classifier = GradientBoostingClassifier(random_state=seed).fit(
        one_hot(training[columns], like[columns]), training[CLASS] == 2)
    guess = classifier.predict_proba(one_hot(test[columns], like[columns]))[:, 1]
    truth = test[CLASS] == 2
    return ((guess > 0.5) == truth).mean(), roc_auc_score(truth, guess)


def measure(seed, options):
    table, rng = tables.german(), np.random.RandomState(seed)
    order = rng.permutation(len(table))
    training, test = table.iloc[order[:700]], table.iloc[order[700:]]
    with tempfile.TemporaryDirectory() as where:
        run = tables.train(training, where, seed, *options)
        drawn, asked = os.path.join(where, "rows.csv"), os.path.join(where, "asked.csv")
        tables.reparam("sample", run, "-n", 1000, "--out", drawn, "--quiet")
        tables.reparam("sample", run, "-n", 200, "--given", f"{CLASS}=2,column13=30..40", "--out", asked, "--quiet")
        rows, given = pd.read_csv(drawn), pd.read_csv(asked)
    independent = pd.DataFrame({c: rng.permutation(training[c]) for c in training})
    accuracy, auc = utility(rows, test, table, seed)
    real_accuracy, real_auc = utility(training, test, table, seed)
    return {
        "rows with an invalid cell": invalid(rows, training),
        "real against synthetic, AUC": detection(training, rows.iloc[:700], table, seed),
        "real against independent columns, AUC": detection(training, independent, table, seed),
        "real against held-out real, AUC": detection(training.iloc[:300], test, table, seed),
        "accuracy, trained on synthetic": accuracy,
        "accuracy, trained on real": real_accuracy,
        "accuracy of the more frequent class": (test[CLASS] == 1).mean(),
        "ROC AUC, trained on synthetic": auc,
        "ROC AUC, trained on real": real_auc,
        "rows that meet the conditions": ((given[CLASS] == 2) & given["column13"].between(30, 40)).mean(),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out")
    arguments, options = parser.parse_known_args()
    results = pd.DataFrame([measure(seed, options) for seed in range(arguments.seeds)])
    lines = ["| measure | value |", "|---|---:|"] + [
        f"| {name} | {values.mean():.3f} ± {values.std(ddof=0):.3f} |" for name, values in results.items()]
    print("\n".join(lines))
    if arguments.out:
        with open(arguments.out, "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
