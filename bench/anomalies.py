"""How well scores rank anomalies: this library's beside five baselines.

Usage: REPARAM_DATA=... /usr/bin/python3 bench/anomalies.py [--seeds N] [--sets SET,...] [--out FILE] [OPTION...]

Prints a table for each set: ROC AUC and average precision, mean and standard deviation over seeds. Further options
go to `reparam train`. Sets:

cardio, thyroid, mammography   ADBench. "normal": trained on half of the normal rows, tested on all other rows.
                               "mixed": trained on half of all rows, anomalies among them, tested on the other half.
german                         german.data, trained on half of the rows, tested on the other half, of which 1 in 10 has
                               columns with the values of other rows: 5 random columns, or each column from a row of its
                               own (the dependency anomalies of ADBench, Han et al. 2022). Baselines see one-hot
                               categories.
sensors                        windows of 16 samples of 8 made-up sensors that move together, as 128 columns. 3 in 20
                               test windows have one faulty sensor, whose values stay in their usual range: shuffled
                               among windows (decoupled), its first value held (frozen), or 8 samples late (lagged).
                               The process is linear and Gaussian, so the Mahalanobis distance is nearly the best score
                               that there is.
station                        the same faults in windows of 16 readings of the 6 sensors of bench/stations.py, whose
                               relations are curved. Trained with `--window 16 --stride 4` on 8,000 readings in a row.
"""
import argparse

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

import stations
import tables

SENSORS, SAMPLES = 8, 16


def halves(size, rng):
    order = rng.permutation(size)
    return order[: size // 2], order[size // 2:]


def normal(name, seed):
    x, strange = tables.adbench(name)
    first, second = halves((~strange).sum(), np.random.RandomState(seed))
    usual = np.flatnonzero(~strange)
    rest = np.concatenate([usual[second], np.flatnonzero(strange)])
    return x.iloc[usual[first]], x.iloc[rest], strange[rest]


def mixed(name, seed):
    x, strange = tables.adbench(name)
    first, second = halves(len(x), np.random.RandomState(seed))
    return x.iloc[first], x.iloc[second], strange[second]


def german(seed, columns):
    table, rng = tables.german(), np.random.RandomState(seed)
    first, second = halves(len(table), rng)
    test = table.iloc[second].reset_index(drop=True)
    strange = np.arange(len(test)) < len(test) // 10
    for row in np.flatnonzero(strange):
        for column in rng.choice(table.columns, columns, replace=False):
            test.loc[row, column] = table[column].iloc[second[rng.randint(len(second))]]
    return table.iloc[first], test, strange


def windows(count, rng, late=0):
    """Windows [count, sensors, samples] of one process: two hidden movements (a slow AR(1) and a sine of random phase
    and frequency), which each sensor mixes in its own way, with a little noise of its own."""
    mix = np.random.RandomState(0).randn(SENSORS, 2)
    length = SAMPLES + 8
    slow = np.empty((count, length))
    slow[:, 0] = rng.randn(count)
    for t in range(1, length):
        slow[:, t] = 0.95 * slow[:, t - 1] + np.sqrt(1 - 0.95 ** 2) * rng.randn(count)
    phase, frequency = rng.uniform(0, 2 * np.pi, (count, 1)), rng.uniform(0.2, 0.5, (count, 1))
    sine = np.sqrt(2) * np.sin(phase + frequency * np.arange(length))
    clean = mix[:, :1] * slow[:, None] + mix[:, 1:] * sine[:, None]
    noisy = clean + 0.2 * rng.randn(count, SENSORS, length)
    return noisy[:, :, 8:], noisy[:, :, :SAMPLES]


def sensors(seed):
    rng = np.random.RandomState(seed)
    training, _ = windows(2000, rng)
    test, late = windows(2000, rng)
    strange = np.arange(len(test)) < 300
    for i in range(300):
        sensor, others = rng.randint(SENSORS), rng.randint(300, len(test))
        test[i, sensor] = [test[others, sensor], np.full(SAMPLES, test[i, sensor, 0]), late[i, sensor]][i % 3]
    names = [f"s{s}_t{t}" for s in range(SENSORS) for t in range(SAMPLES)]
    flat = [pd.DataFrame(np.round(w.reshape(len(w), -1), 4), columns=names) for w in (training, test)]
    return flat[0], flat[1], strange


def station(seed):
    """Windows [count, 16, 6] to train on and to test, and the tables of rows that they are windows of."""
    rng, size = np.random.RandomState(seed), SAMPLES
    rows = stations.series(8000, rng)
    later = stations.series(2000 * 2 * size, rng).to_numpy().reshape(2000, 2 * size, -1)
    test, late = later[:, size:].copy(), later[:, size - 8:2 * size - 8]
    strange = np.arange(len(test)) < 300
    for i in range(300):
        other = later[rng.randint(300, len(test)), size:]
        test[i] = stations.fault(test[i], other, late[i], i, rng.randint(len(stations.SENSORS)))
    training = np.stack([rows.to_numpy()[first:first + size] for first in range(0, len(rows) - size + 1, 4)])
    # A minute is missing between two test windows, so that none spans them.
    table = pd.DataFrame(test.reshape(-1, test.shape[2]), columns=stations.SENSORS).round(3)
    rows.insert(0, "minute", np.arange(len(rows)))
    table.insert(0, "minute", [window * 100 + i for window in range(len(test)) for i in range(size)])
    flat = [pd.DataFrame(w.reshape(len(w), -1)).add_prefix("c") for w in (training, test)]
    options = ["--window", size, "--stride", 4, "--time", "minute", "--columns", "minute=real"]
    return flat[0], flat[1], strange, (rows, table, options)


def protocols(name):
    if name in tables.ADBENCH:
        return [(f"{name}, trained on normal rows", lambda seed: normal(name, seed)),
            (f"{name}, trained on half of all rows", lambda seed: mixed(name, seed))]
    if name == "german":
        return [(f"german, {columns} columns of other rows", lambda seed, c=columns: german(seed, c))
            for columns in (5, 21)]
    return [(name, {"sensors": sensors, "station": station}[name])]


def table(title, make, seeds, options):
    results = {}
    for seed in seeds:
        training, test, strange, *own = make(seed)
        rows, new, more = own[0] if own else (training, test, [])
        ours = {"this library": tables.scores(rows, new, seed, [*more, *options])["score"]}
        for name, score in {**ours, **tables.baselines(training, test, seed)}.items():
            results.setdefault(name, []).append(
                (roc_auc_score(strange, score), average_precision_score(strange, score)))
    share, last = 100 * strange.mean(), seeds[-1]
    lines = [f"## {title}", "",
        f"{len(test):,} test rows, {share:.1f} % of them anomalies; seeds {seeds[0]} to {last}.", "",
        "| score | ROC AUC | average precision |", "|---|---:|---:|"]
    for name, values in sorted(results.items(), key=lambda r: -np.mean(r[1], 0)[0]):
        (auc, precision), (auc_sd, precision_sd) = np.mean(values, 0), np.std(values, 0)
        bold = "**" if name == "this library" else ""
        lines.append(f"| {bold}{name}{bold} | {auc:.3f} ± {auc_sd:.3f} | {precision:.3f} ± {precision_sd:.3f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--sets", default="cardio,thyroid,mammography,german,sensors,station")
    parser.add_argument("--out")
    arguments, options = parser.parse_known_args()
    for name in arguments.sets.split(","):
        for title, make in protocols(name):
            text = table(title, make, range(arguments.first, arguments.first + arguments.seeds), options)
            print(text, flush=True)
            if arguments.out:
                with open(arguments.out, "a", encoding="utf-8") as file:
                    file.write(text + "\n")


if __name__ == "__main__":
    main()
