#!/usr/bin/env python3
"""Makes comparison.json: a small real and a small synthetic table, and how far they are from each other by SciPy,
scikit-learn and plain NumPy; and trees that are boosted by scikit-learn.

    python3 tests/data/make_comparison.py        (needs numpy, pandas, scipy, scikit-learn; the table is committed)
"""
import json
import os

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import roc_auc_score

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(11)


def table(rows, weight, levels):
    age = np.round(rng.normal(40, 10, rows), 1)
    income = np.round(np.exp(weight * (age - 40) / 10 + rng.normal(2, 0.5, rows)), 2)
    city = np.array(levels)[np.clip((age / 12 + rng.normal(0, 1, rows)).astype(int) % len(levels), 0, 3)]
    member = (age + rng.normal(0, 10, rows) > 42).astype(int)
    frame = pd.DataFrame({"age": age, "income": income, "city": city, "member": member})
    frame.loc[rng.random(rows) < 0.15, "income"] = np.nan
    frame.loc[rng.random(rows) < 0.1, "city"] = None
    return frame


real, synthetic, held = table(80, 0.5, ["a", "b", "c"]), table(70, 0.1, ["a", "b", "c", "d"]), table(60, 0.5,
    ["a", "b", "c"])
synthetic.loc[0] = real.loc[5]
numbers, categories = ["age", "income"], ["city", "member"]
expected = {"columns": {}, "pairs": {}}
for name in numbers:
    inside = synthetic[name].dropna()
    expected["columns"][name] = {
        "distance": stats.ks_2samp(real[name].dropna(), inside).statistic,
        "outside": float(((inside < real[name].min()) | (inside > real[name].max())).mean()),
        "mean": float(synthetic[name].mean()), "sd": float(synthetic[name].std()),
        "missing": float(synthetic[name].isna().mean()),
    }
for name in categories:
    shares = pd.concat([real[name].value_counts(normalize=True), synthetic[name].value_counts(normalize=True)],
        axis=1).fillna(0)
    expected["columns"][name] = {
        "distance": float(shares.diff(axis=1).iloc[:, 1].abs().sum() / 2),
        "outside": float((~synthetic[name].dropna().isin(real[name])).mean()),
        "missing": float(synthetic[name].isna().mean()),
    }


def levels(frame, name):
    """The levels of the cells: five between the quintiles of the real numbers, with missing cells as a level."""
    if name in categories:
        return frame[name].map(lambda v: "missing" if v is None or v != v else str(v) if name != "city" or v in set(
            real["city"].dropna()) else "unknown")
    known = np.sort(real[name].dropna().to_numpy())
    edges = np.unique([known[q * len(known) // 5] for q in range(1, 5)])
    return frame[name].map(lambda v: "missing" if v != v else str(int((edges <= v).sum())))


names = list(real.columns)
for i, first in enumerate(names):
    for second in names[i + 1:]:
        if first in numbers and second in numbers:
            a, b = (float(f[[first, second]].corr("spearman").iloc[0, 1]) for f in (real, synthetic))
            pair = {"real": a, "synthetic": b, "distance": abs(a - b) / 2}
        else:
            tables = [pd.crosstab(levels(f, first), levels(f, second)) for f in (real, synthetic)]
            pair = {key: float(stats.contingency.association(t.to_numpy(), "cramer"))
                for key, t in zip(("real", "synthetic"), tables)}
            joint = pd.concat([t.stack() / t.to_numpy().sum() for t in tables], axis=1).fillna(0)
            pair["distance"] = float(joint.diff(axis=1).iloc[:, 1].abs().sum() / 2)
        expected["pairs"][f"{first} {second}"] = pair


def gower(a, b):
    total = np.zeros((len(a), len(b)))
    for name in names:
        x, y = a[name].to_numpy()[:, None], b[name].to_numpy()[None, :]
        missing = pd.isna(x).astype(int) + pd.isna(y).astype(int)
        if name in numbers:
            term = np.minimum(1, np.abs(x - y) / (real[name].max() - real[name].min()))
        else:
            known = set(real[name].dropna())
            one = np.vectorize(lambda v: v if v in known else "unknown", otypes=[object])
            term = (one(x) != one(y)).astype(float)
        total += np.where(missing == 0, term, missing == 1)
    return total / len(names)


def percentiles(distances):
    ordered = np.sort(distances)
    return [float(ordered[int(np.ceil(q * len(ordered))) - 1]) for q in (0.05, 0.5)]


to_real, own, of_held = gower(synthetic, real), gower(real, real), gower(held, real)
np.fill_diagonal(own, np.inf)
near, alone, fresh = to_real.min(1), own.min(1), of_held.min(1)
expected["privacy"] = {
    "synthetic": percentiles(near), "real": percentiles(alone), "held": percentiles(fresh),
    "near_real": float((near < percentiles(alone)[0]).mean()),
    "near_held": float((near < percentiles(fresh)[0]).mean()),
    "copies": float((near == 0).mean()), "real_copies": float((alone == 0).mean()),
}

# The area under the ROC curve and its variance by DeLong's method, from all pairs.
positive, negative = np.round(rng.normal(1, 1, 40), 1), np.round(rng.normal(0, 1, 30), 1)
wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
expected["area"] = {
    "positive": positive.tolist(), "negative": negative.tolist(),
    "area": roc_auc_score(np.r_[np.ones(40), np.zeros(30)], np.r_[positive, negative]),
    "variance": float(wins.mean(1).var(ddof=1) / 40 + wins.mean(0).var(ddof=1) / 30),
}

# Numbers with few different values, so that both sides have the same bins, and some that are missing.
x = np.round(rng.normal(size=(240, 3)), 1)
y = (x[:, 0] * x[:, 1] + 0.5 * x[:, 2] + 0.5 * rng.normal(size=240))
x[rng.random((240, 3)) < 0.1] = np.nan
order = np.argsort(y)
label = np.zeros(240, dtype=int)
label[order[120:]] = 1
settings = dict(max_iter=100, learning_rate=0.1, max_depth=3, max_leaf_nodes=None, min_samples_leaf=10,
    l2_regularization=1, early_stopping=False)
probe = np.r_[x[:40], [[np.nan] * 3, [-9, 9, 9], [9, -9, -9]]]
expected["trees"] = {
    "x": [[None if v != v else v for v in row] for row in x.tolist()], "y": y.tolist(), "label": label.tolist(),
    "probe": [[None if v != v else v for v in row] for row in probe.tolist()],
    "logits": HistGradientBoostingClassifier(**settings).fit(x, label).decision_function(probe).tolist(),
    "numbers": HistGradientBoostingRegressor(**settings).fit(x, y).predict(probe).tolist(),
}


def cells(frame):
    return [["" if pd.isna(v) else str(v) for v in row] for row in frame.itertuples(index=False)]


with open(os.path.join(HERE, "comparison.json"), "w", newline="\n") as f:
    json.dump({"columns": names, "real": cells(real), "synthetic": cells(synthetic), "held": cells(held),
        "expected": expected}, f)
    f.write("\n")
