"""What the benchmarks of tables share: the real tables, this library's commands, and the baselines of anomalies.

Not run by itself. The tables lie in $REPARAM_DATA/tabular: adbench_cardio.csv, adbench_mammography.csv and
adbench_thyroid.csv (ADBench; the last column, anomaly, is the label) and german.data (UCI Statlog). Build the library
first: dotnet build -c Release src/Reparam.Cli. OURS=FILE takes the Reparam.Cli.dll of another build.
"""
import os
import subprocess
import tempfile

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import NearestNeighbors

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = os.environ.get("OURS", os.path.join(ROOT, "src/Reparam.Cli/bin/Release/net10.0/Reparam.Cli.dll"))
ADBENCH = ["cardio", "thyroid", "mammography"]


def folder():
    if "REPARAM_DATA" not in os.environ:
        raise SystemExit("Set REPARAM_DATA to the folder whose subfolder tabular holds the tables.")
    return os.path.join(os.environ["REPARAM_DATA"], "tabular")


def adbench(name):
    """The columns of numbers, and whether each row is an anomaly."""
    table = pd.read_csv(os.path.join(folder(), f"adbench_{name}.csv"))
    return table.drop(columns="anomaly"), table["anomaly"].to_numpy() == 1


def german():
    """german.data: 13 columns of texts, and 8 of whole numbers; column21 is the class (1 good, 2 bad)."""
    table = pd.read_csv(os.path.join(folder(), "german.data"), sep=" ", header=None)
    return table.set_axis([f"column{i + 1}" for i in range(table.shape[1])], axis=1)


def reparam(*arguments):
    # One thread: nets are small, and the result is the same.
    command = ["dotnet", OURS, *map(str, arguments), "--threads", "1"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"reparam {' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def train(table, where, seed, *options):
    """Trains on a table; returns the run's folder."""
    file, run = os.path.join(where, "train.csv"), os.path.join(where, "run")
    table.to_csv(file, index=False)
    reparam("train", "--data", file, "--out", run, "--seed", seed, "--quiet", *options)
    return run


def scores(training, test, seed, options=()):
    """The scores of test rows by this library, trained on other rows: a table of the columns of `reparam score`."""
    with tempfile.TemporaryDirectory() as where:
        run = train(training, where, seed, *options)
        file, out = os.path.join(where, "test.csv"), os.path.join(where, "scores.csv")
        test.to_csv(file, index=False)
        reparam("score", run, "--data", file, "--out", out, "--top", 0, "--quiet")
        return pd.read_csv(out)


def kinds(table):
    """The columns of numbers on a scale, and those of categories: texts and at most 12 whole numbers."""
    real = [c for c in table if table[c].dtype != object
        and not (table[c].nunique() <= 12 and (table[c] % 1 == 0).all())]
    return real, [c for c in table if c not in real]


def numeric(training, test):
    """Standardised numbers, and one-hot categories, of both tables."""
    real, categories = kinds(training)
    mean, deviation = training[real].mean(), training[real].std(ddof=0).replace(0, 1)
    both = [((t[real] - mean) / deviation).to_numpy() for t in (training, test)]
    for column in categories:
        levels = sorted(training[column].unique())
        both = [np.hstack([x, np.array([(t[column] == v) for v in levels], float).T])
            for x, t in zip(both, (training, test))]
    return both


def baselines(training, test, seed):
    """The scores of test rows by five baselines, trained on other rows."""
    x, y = numeric(training, test)
    centre = x.mean(0)
    inverse = np.linalg.pinv(np.cov(x.T) + 1e-6 * np.eye(x.shape[1]))
    pca = PCA(0.95, svd_solver="full").fit(x)
    forest = IsolationForest(random_state=seed).fit(x)
    return {
        "squared distance": ((y - centre) ** 2).sum(1),
        "Mahalanobis": np.einsum("ij,jk,ik->i", y - centre, inverse, y - centre),
        "PCA, 95 % of variance": ((y - pca.inverse_transform(pca.transform(y))) ** 2).sum(1),
        "k-NN, distance of the 5th": NearestNeighbors(n_neighbors=5).fit(x).kneighbors(y)[0][:, -1],
        "isolation forest": -forest.score_samples(y),
    }
