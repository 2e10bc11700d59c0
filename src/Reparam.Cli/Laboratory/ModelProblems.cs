using System.Globalization;
using Reparam.Data;
using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Cli.Laboratory;

/// <summary>
/// The evidence lower bound of small VAEs on the built-in digits, as a function of the encoder's outputs for a few
/// digits. The models are trained for a few hundred steps first, so that the gradients are typical of a training and
/// not of untrained weights.
/// </summary>
internal static class ModelProblems
{
    private const int Images = 4, Batch = 64, Steps = 300, ReferenceDraws = 40_000;
    private static readonly Shape s_digit = [28, 28];

    /// <summary>Eight normal latents. The gradient is with respect to their locations and log-variances. The reference
    /// gradient comes from 40,000 draws.</summary>
    public static EstimatorProblem GaussianVae(ulong seed, CancellationToken cancellation)
    {
        var rng = new Rng(seed);
        Vae vae = Vae.Mlp(s_digit, 8, [200], Likelihood.Bernoulli, rng.Split("weights"));
        var objective = new Elbo();
        Train(vae.Parameters, seed, (x, noise) => objective.Evaluate(vae.Infer(x, noise), 0).Loss, cancellation);
        Tensor x = Digits(seed, Images), loc, logVariance;
        using (new TensorScope())
        {
            var posterior = (DiagonalNormal)vae.Encoder.Given(x);
            (loc, logVariance) = (posterior.Loc.Keep(), (posterior.Scale.Log() * 2).Keep());
        }

        DiagonalNormal Q() => DiagonalNormal.FromLogVariance(loc, logVariance);
        Distribution prior = vae.Prior.Distribution;
        Tensor Joint(Tensor z) => vae.Decoder.Given(z).LogProb(x) + prior.LogProb(z);
        EstimatorTrial[] estimators =
        [
            Of("pathwise, KL in closed form", (q, rng, k) => new Pathwise().Estimate(
                q, z => vae.Decoder.Given(z).LogProb(x), rng, k) - KLDivergence.ClosedForm(q, prior)!),
            Of("pathwise, all terms sampled",
                (q, rng, k) => new Pathwise().Estimate(q, z => Joint(z) - q.LogProb(z), rng, k)),
            Of("pathwise, sticking the landing", (q, rng, k) =>
            {
                // Roeder, Wu and Duvenaud (2017): the density of q, with its parameters detached from the gradient.
                DiagonalNormal held = DiagonalNormal.FromLogVariance(loc.Detach(), logVariance.Detach());
                return new Pathwise().Estimate(q, z => Joint(z) - held.LogProb(z), rng, k);
            }),
            Of("score function", (q, rng, k) => new ScoreFunction().Estimate(q, z => Joint(z) - q.LogProb(z), rng, k)),
            Of("score function, leave-one-out", (q, rng, k) => new ScoreFunction(new LeaveOneOutBaseline()).Estimate(
                q, z => Joint(z) - q.LogProb(z), rng, k)),
        ];
        Tensor[] exact = Reference(estimators[0], [loc, logVariance], rng.Split("reference"), cancellation);
        return new EstimatorProblem(
            "gaussian-vae", $"ELBO of a VAE with 8 normal latents, {Images} digits", [loc, logVariance], exact,
            string.Create(CultureInfo.InvariantCulture, $"{ReferenceDraws} pathwise draws; its own error is the " +
                $"standard error of pathwise with R = {ReferenceDraws}"), estimators);

        EstimatorTrial Of(string name, Func<DiagonalNormal, Rng, int, Tensor> estimate) =>
            new(name, true, (rng, k) => estimate(Q(), rng, k).Sum());
    }

    /// <summary>Eight Bernoulli latents. Their 256 values are enumerated for the exact gradient.</summary>
    public static EstimatorProblem DiscreteVae(ulong seed, CancellationToken cancellation)
    {
        var rng = new Rng(seed).Split("discrete");
        var hidden = new Sequential(784, [200], Activation.Tanh, Initializer.PyTorch, rng.Split("encoder"));
        var head = new Linear(200, 8, Initializer.PyTorch, rng.Split("head"));
        var decoder = new MlpDecoder(
            s_digit, 8, [200], Activation.Tanh, Likelihood.Bernoulli, Initializer.PyTorch, rng.Split("decoder"));
        var prior = new Independent(new Bernoulli(Tensor.Zeros([8])), 1);
        Tensor Logits(Tensor x) => head.Forward(hidden.Forward(x.Reshape([x.Shape[0], 784])));
        static Independent Q(Tensor logits) => new(new Bernoulli(logits), 1);
        Tensor Bound(Distribution q, Tensor x, Tensor z) =>
            decoder.Given(z).LogProb(x) + prior.LogProb(z) - q.LogProb(z);
        Train([.. hidden.Parameters, .. head.Parameters, .. decoder.Parameters], seed, Loss, cancellation);
        Tensor Loss(Tensor x, Rng noise)
        {
            Independent q = Q(Logits(x));
            return -new DisArm().Estimate(q, z => Bound(q, x, z), noise).Mean();
        }

        Tensor digits = Digits(seed, Images), logits;
        using (new TensorScope()) logits = Logits(digits).Keep();
        return ToyProblems.OfDiscrete("discrete-vae", $"ELBO of a VAE with 8 coins as latents, {Images} digits", logits,
            Q, z => Bound(Q(logits), digits, z), coins: true);
    }

    private static Tensor Digits(ulong seed, int count)
    {
        Dataset data = new DigitGenerator(seed).Generate(count, firstIndex: 100_000);
        return new BatchReader(data, Binarization.Dynamic, new Rng(seed)).Read(0, count, new Rng(seed));
    }

    private static void Train(
        IReadOnlyList<Parameter> parameters, ulong seed, Func<Tensor, Rng, Tensor> loss, CancellationToken cancellation)
    {
        Dataset data = new DigitGenerator(seed).Generate(Batch * 20);
        var reader = new BatchReader(data, Binarization.Dynamic, new Rng(seed));
        var optimizer = new Adam(1e-3);
        OptimizerState state = optimizer.Start(parameters);
        for (int step = 0; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var tape = new GradientTape();
            Rng noise = new Rng(seed).Split("training").At(step);
            Tensor x = reader.Read(step % 20 * Batch, Batch, noise);
            optimizer.Step(state, tape.Gradients(loss(x, noise), parameters));
        }
    }

    private static Tensor[] Reference(
        EstimatorTrial estimator, Tensor[] parameters, Rng rng, CancellationToken cancellation)
    {
        const int AtOnce = 100;
        double[][] sums = [.. parameters.Select(p => new double[p.Size])];
        for (int part = 0; part < ReferenceDraws / AtOnce; part++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var tape = new GradientTape();
            Gradients gradients = tape.Gradients(estimator.Estimate(rng.At(part), AtOnce), parameters);
            for (int i = 0; i < parameters.Length; i++)
            {
                for (int j = 0; j < sums[i].Length; j++) sums[i][j] += gradients[i].At(j) * AtOnce / ReferenceDraws;
            }
        }

        return [.. parameters.Select((p, i) => Tensor.From([.. sums[i].Select(v => (float)v)], p.Shape))];
    }
}
