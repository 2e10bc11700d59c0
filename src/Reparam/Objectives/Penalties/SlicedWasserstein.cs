using System.Globalization;
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// weight x SW(q(z), p(z)), the sliced squared 2-Wasserstein distance between the codes of a batch and the same number
/// of draws of the prior (Kolouri et al. 2019): the mean over random directions and over ranks of the squared
/// difference between the sorted projections, in squared units of a code. Between equal distributions it is 0, apart
/// from the noise of the draws.
/// </summary>
/// <remarks>The gradient passes through the sorted projections of the codes. The order of the codes is treated as
/// constant; it is locally constant almost everywhere. No gradient reaches the prior.</remarks>
public sealed class SlicedWasserstein : Penalty
{
    private readonly double _weight;
    private readonly int _slices;

    /// <summary>The penalty with a weight and a number of random directions in each step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite, or the number of directions
    /// is below 1.</exception>
    public SlicedWasserstein(double weight, int slices = 50)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slices);
        (_weight, _slices) = (Weight(weight, nameof(weight)), slices);
    }

    /// <inheritdoc/>
    public override string Name =>
        string.Create(CultureInfo.InvariantCulture, $"sliced Wasserstein x {_weight}, {_slices} directions");

    /// <inheritdoc/>
    public override bool IsNonNegative => true;

    /// <inheritdoc/>
    public override bool NeedsPath => true;

    /// <inheritdoc/>
    public override bool ComparesData => true;

    /// <inheritdoc/>
    public override bool SamplesPrior => true;

    /// <inheritdoc/>
    public override Tensor Evaluate(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Tensor codes = Codes(pass), prior = PriorCodes(pass);
        Tensor directions = pass.Latents[0].Noise("slices").Normal([_slices, codes.Shape[1]], codes.DType);
        directions /= directions.Square().Sum(^1, keepAxis: true).Sqrt();
        Tensor from = Sorted(Tensor.MatMul(codes, directions, transposeB: true)),
            to = Sorted(Tensor.MatMul(prior, directions, transposeB: true));
        return (from - to).Square().Mean() * _weight;
    }

    /// <summary>Each column of [B, L] in ascending order.</summary>
    private static Tensor Sorted(Tensor projections)
    {
        (int count, int slices) = (projections.Shape[0], projections.Shape[1]);
        var order = Tensor.From(projections.Shape, ranks =>
        {
            (double[] values, int[] rows) = (new double[count], new int[count]);
            for (int l = 0; l < slices; l++)
            {
                for (int i = 0; i < count; i++) (values[i], rows[i]) = (projections.At(i * slices + l), i);
                Array.Sort(values, rows);
                for (int i = 0; i < count; i++) ranks[i * slices + l] = rows[i];
            }
        });
        return projections.Gather(0, order);
    }
}

/// <summary>Settings of a sliced-Wasserstein autoencoder: <see cref="SlicedWasserstein"/> instead of the KL.</summary>
public sealed record SlicedWassersteinSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<SlicedWassersteinSettings>(
        "swae", "the distance between codes and draws of the prior along random directions, without a KL",
        [
            .. OfDraws,
            Setting.Real<SlicedWassersteinSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight of the distance", Bounds.NonNegative),
            Setting.Whole<SlicedWassersteinSettings>(
                "slices", s => s.Slices, (s, v) => s with { Slices = v }, "number of random directions in each " +
                    "step", 1, 100_000),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight of the distance.</summary>
    public double Penalty { get; init; } = 10;

    /// <summary>Number of random directions in each step.</summary>
    public int Slices { get; init; } = 50;

    /// <inheritdoc/>
    public override bool MaximizesBound => false;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) => Bound(parts, 0, new SlicedWasserstein(Penalty, Slices));
}
