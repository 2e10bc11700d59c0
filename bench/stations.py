"""Made-up sensors of a pumping station, from the physics of a centrifugal pump.

Usage: /usr/bin/python3 bench/stations.py FILE [--rows N] [--seed S]: writes a CSV with faults and gaps of time, such as
docs/how-to/data/station.csv (3,000 rows, seed 1). Also the set "station" of bench/anomalies.py.

A pump of relative speed n runs against a static head of 0.35 and a throttle r that drifts. By the affinity laws (for
example Karassik and others, Pump Handbook, section 2.3) its head is n^2 - 0.5 Q^2, so that the flow Q solves
n^2 - 0.5 Q^2 = 0.35 + r Q^2. The power is Q times the head over a parabolic efficiency; the temperature follows the
power with a delay; the vibration grows with the square of the speed and with the distance from the best flow. The
throttle is not measured.
"""
import argparse

import numpy as np
import pandas as pd

SENSORS = ["speed", "flow", "pressure", "power", "temperature", "vibration"]


def series(rows, rng):
    """Readings, one each minute, of a pump whose speed changes between set points."""
    speed, throttle, warm = np.empty(rows), np.empty(rows), np.empty(rows)
    target, n, drift, t = 0.9, 0.9, 0.0, 40.0
    for i in range(rows):
        if rng.rand() < 0.03:
            target = rng.uniform(0.75, 1.05)
        n += np.clip(target - n, -0.02, 0.02)
        drift = 0.97 * drift + np.sqrt(1 - 0.97 ** 2) * rng.randn()
        speed[i], throttle[i] = n, 0.6 * np.exp(0.5 * drift)
    flow = np.sqrt((speed ** 2 - 0.35) / (0.5 + throttle))
    head = speed ** 2 - 0.5 * flow ** 2
    power = flow * head / (0.75 - 1.2 * (flow - 0.6) ** 2)
    for i in range(rows):
        t += (25 + 40 * power[i] - t) / 15
        warm[i] = t
    vibration = speed ** 2 * (1 + 4 * (flow - 0.6) ** 2)
    clean = np.stack([1500 * speed, 60 * flow, 8 * head, 20 * power, warm, 2 * vibration], 1)
    noise = np.array([3, 0.4, 0.04, 0.1, 0.15, 0.03])
    return pd.DataFrame(np.round(clean + noise * rng.randn(*clean.shape), 3), columns=SENSORS)


def fault(window, other, late, kind, sensor):
    """A window with one faulty sensor: the readings of another time, its first reading held, or late readings."""
    window = window.copy()
    window[:, sensor] = [other[:, sensor], np.full(len(window), window[0, sensor]), late[:, sensor]][kind % 3]
    return window


def example(rows, seed):
    """A CSV for a person to try: the last third has five faults of 30 minutes, and an hour is missing before it. The
    faults: the flow meter reads 15 % too much, the pressure is 10 % too low, the power 15 % too high, the temperature
    keeps its value, the vibration is 40 % too high."""
    rng = np.random.RandomState(seed)
    table = series(rows + 60, rng)
    values, faulty = table.to_numpy(), np.zeros(len(table), int)
    for f in range(5):
        first = int(rows * (0.68 + 0.06 * f))
        part = slice(first, first + 30)
        values[part, 1 + f] *= [1.15, 0.9, 1.15, 1, 1.4][f]
        if f == 3:
            values[part, 1 + f] = values[first, 1 + f]
        faulty[part] = 1
    table = pd.DataFrame(values, columns=SENSORS)
    table.insert(0, "time", pd.date_range("2026-03-01", periods=len(table), freq="min").strftime("%Y-%m-%dT%H:%M"))
    table["fault"] = faulty
    decimals = {"speed": 0, "flow": 2, "pressure": 2, "power": 2, "temperature": 1, "vibration": 3}
    for name, count in decimals.items():
        table[name] = table[name].map(lambda v, c=count: f"{v:.{c}f}")
    return table.drop(table.index[rows // 3:rows // 3 + 60])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    example(arguments.rows, arguments.seed).to_csv(arguments.file, index=False)


if __name__ == "__main__":
    main()
