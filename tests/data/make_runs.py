"""Makes tests/data/runs: small runs of every kind that a configuration can name, the commands that trained them, the
SHA-256 of their weights and the numbers of their evaluation. Later versions have to train to the same weights, and to
open these runs to the same numbers.

usage: python3 make_runs.py /path/to/Reparam.Cli.dll        (NumPy; a minute)
"""
import json, os, shutil, subprocess, sys, tempfile
import numpy as np

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "runs")
ALL = "--hidden 6 --latent 2 --batch 12 --epochs 2 --seed 3 --lr 0.01 --set training.keep_checkpoints=1"
KINDS = {
    "elbo": "",
    "conv": "--network conv --channels 3,4", "resnet": "--network resnet --channels 3,4 --attention",
    "batch-norm": "--normalization batch --validation 0", "he-silu": "--initializer he --activation silu",
    "planar": "--posterior planar:2", "sylvester": "--posterior sylvester:2", "iaf": "--posterior iaf:2",
    "coupling": "--posterior coupling:2", "spline": "--posterior spline:2", "bnaf": "--posterior bnaf:1",
    "full": "--posterior full", "low-rank": "--posterior low-rank:1", "mixture-posterior": "--posterior mixture:2",
    "vmf": "--posterior vmf --latent 3", "power-spherical": "--posterior power-spherical --latent 3",
    "coins": "--posterior bernoulli --temperature 0.7",
    "outcomes": "--posterior categorical:3 --discrete straight-through",
    "score-function": "--posterior bernoulli --discrete score-function",
    "point": "--posterior point --beta 0.1",
    "mixture": "--prior mixture:3", "vamp": "--prior vamp:3", "flow-prior": "--prior flow:2",
    "autoregressive": "--prior autoregressive:2",
    "beta-tcvae": "--objective beta-tcvae", "factor-vae": "--objective factor-vae",
    "dip-vae-i": "--objective dip-vae-i", "dip-vae-ii": "--objective dip-vae-ii",
    "info-vae": "--objective info-vae --alpha 0.5", "wae-mmd": "--objective wae-mmd",
    "aae": "--objective aae --posterior point", "vae-gan": "--objective vae-gan",
    "iwae": "--objective iwae --samples 3", "dreg": "--objective iwae --samples 3 --estimator doubly-reparameterized",
    "miwae": "--objective miwae --samples 4 --groups 2", "piwae": "--objective piwae --samples 4 --groups 2",
    "ciwae": "--objective ciwae --samples 3 --elbo-share 0.3", "renyi": "--objective renyi --samples 3 --order 0.5",
    "rws": "--objective rws --samples 3", "wake-sleep": "--objective wake-sleep",
    "warm-up": "--warmup 4 --free-bits 0.1 --estimator sticking-the-landing",
    "capacity": "--capacity 2 --capacity-steps 5 --beta 10",
    "cycle": "--cycle 3 --estimator sampled --samples 2",
    "hierarchical": "--model hierarchical --upper 2", "ladder": "--model ladder --upper 2,1",
    "vq-vae": "--model vq-vae --network conv --channels 3,4 --hidden \"\" --codes 5 --prior autoregressive",
    "semi-supervised": "--model semi-supervised --labels 12",
    "conditional": "--condition labels", "bayesian": "--weights bayesian", "denoising": "--input-noise 0.2",
    "gaussian": "--likelihood gaussian:0.5", "gaussian-learned": "--likelihood gaussian-learned",
    "gaussian-sigmoid": "--likelihood gaussian-sigmoid", "gaussian-optimal": "--likelihood gaussian-optimal",
    "logistic256": "--likelihood logistic256", "binarised": "--binarization dynamic",
    "adamw": "--optimizer adamw --weight-decay 0.01 --clip 1", "adagrad": "--optimizer adagrad",
    "adamax": "--optimizer adamax", "rmsprop": "--optimizer rmsprop", "sgd": "--optimizer sgd --lr 1e-4",
    "cosine": "--schedule cosine --decay-steps 6",
}


def data(path):
    """Eighty images of 8 by 8: a bar whose place is the class, of a length and a brightness of its own."""
    images = np.zeros((80, 8, 8), np.uint8)
    for i in range(80):
        images[i, 2 * (i % 4): 2 * (i % 4) + 2, : 2 + i * 7 % 6] = 255 - i * 37 % 200
    np.savez(path, x=images, y=np.arange(80) % 4)


def run(program, folder, *arguments):
    done = subprocess.run(["dotnet", program, *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.strip().split("\n")[-1])


def words(options):
    return [word.replace('""', "") for word in options.split()]


def main(program):
    shutil.rmtree(HERE, ignore_errors=True)
    os.makedirs(HERE)
    data(os.path.join(HERE, "data.npz"))
    index = []
    for name, options in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(os.path.join(HERE, "data.npz"), folder)
            given = words(ALL)
            own = words(options)
            # What a kind says itself takes the place of the general choice.
            for flag in ("--latent", "--hidden", "--lr"):
                if flag in own:
                    at = given.index(flag)
                    del given[at:at + 2]
            arguments = ["train", "--data", "data.npz", *given, *own]
            trained = run(program, folder, *arguments, "--quiet", "--json", "--out", "run")
            kept = os.path.join(HERE, name)
            shutil.copytree(os.path.join(folder, "run"), kept, ignore=shutil.ignore_patterns("samples", "README.md",
                "run.lock"))
            config = json.load(open(os.path.join(kept, "config.json")))
            config["data"]["name"] = "data.npz"
            json.dump(config, open(os.path.join(kept, "config.json"), "w"), indent=2)
            os.remove(os.path.join(kept, "environment.json"))
            shutil.copy(os.path.join(HERE, "data.npz"), folder)
            numbers = run(program, folder, "evaluate", kept, "--data", "data.npz", "--samples", "3", "--json",
                "--quiet")
            os.remove(os.path.join(kept, "evaluation.partial.json"))
            evaluation = {key: numbers[key]["mean"] for key in ("elbo", "reconstruction", "nll") if numbers.get(key)}
            index.append({"name": name, "arguments": arguments, "weights_sha256": trained["weights_sha256"],
                "evaluation": evaluation})
            print(name, trained["weights_sha256"][:12], evaluation)
    json.dump(index, open(os.path.join(HERE, "index.json"), "w"), indent=1)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
