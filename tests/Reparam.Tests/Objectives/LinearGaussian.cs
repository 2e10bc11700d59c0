using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Tests.Objectives;

/// <summary>
/// A model whose every integral is known: z ~ N(0, 1), x | z ~ N(w z, s^2), so that x ~ N(0, w^2 + s^2) and z | x ~ N(w
/// x / (w^2 + s^2), s^2 / (w^2 + s^2)). Proposals q(z|x) are the exact posterior, moved and widened on request.
/// </summary>
internal static class LinearGaussian
{
    public const double W = 1.3, S = 0.7;

    public static readonly double[] X = [0.4, -1.7, 2.5];

    public static double LogMarginal(double x) =>
        -0.5 * (x * x / (W * W + S * S) + Math.Log(2 * Math.PI * (W * W + S * S)));

    /// <summary>Parameters of the exact posteriors, moved by <paramref name="shift"/> and widened by
    /// <paramref name="width"/>; no scope owns them.</summary>
    public static (Tensor Loc, Tensor LogVariance) Posterior(double shift = 0, double width = 1)
    {
        double total = W * W + S * S;
        return (
            Tensor.From([.. X.Select(x => W * x / total + shift)], [X.Length, 1]).Keep(),
            Tensor.Full([X.Length, 1], Math.Log(S * S / total * width * width), DType.Float64).Keep());
    }

    /// <summary>A pass with K draws for each datum, over <paramref name="copies"/> copies of the data one after
    /// another.</summary>
    public static InferencePass Infer(Tensor loc, Tensor logVariance, Rng rng, int samples, int copies = 1)
    {
        DiagonalNormal posterior = DiagonalNormal.FromLogVariance(loc, logVariance);
        LatentTerm z = LatentTerm.Draw("z", posterior, DiagonalNormal.Standard(1, DType.Float64), rng, samples);
        Tensor mean = z.Value * W;
        var likelihood = new Independent(new Normal(mean, Tensor.Full(mean.Shape, S, DType.Float64)), 1);
        return new InferencePass(likelihood.LogProb(
            Tensor.From(Enumerable.Repeat(X, copies).SelectMany(x => x).ToArray(), [copies * X.Length, 1])), [z]);
    }
}
