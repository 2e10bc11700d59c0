using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent ordinal elements: each element is the number 0, ..., K - 1 of a level, and levels have an order. The
/// network predicts one location f for each element, and K - 1 ordered thresholds c of each element are learned:
/// P(x &lt;= k | z) = sigmoid(c_k - f) (the proportional odds model: McCullagh 1980). log p(x|z) is in nats per datum.
/// </summary>
public sealed class OrdinalLikelihood : Likelihood
{
    /// <summary>The likelihood of <paramref name="categories"/> levels, at least 2.</summary>
    public OrdinalLikelihood(int categories)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 2);
        Categories = categories;
    }

    /// <summary>K, the number of levels.</summary>
    public int Categories { get; }

    /// <inheritdoc/>
    public override string Name => $"ordinal:{Categories.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override int OutputsPerElement => 1;

    /// <inheritdoc/>
    public override int InputsPerElement => Categories - 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool ScoresCounts => true;

    /// <summary>The first threshold, and the distances of the others from the one before, as softplus of the learned
    /// numbers. They start at distances of 1 around 0.</summary>
    public override IReadOnlyList<(string Name, double Initial)> LearnedElements =>
        [("threshold_0", 0.5 * (2 - Categories)), .. Enumerable.Range(1, Categories - 2).Select(k => (
            $"threshold_{k.ToString(CultureInfo.InvariantCulture)}", PortableMath.Log(PortableMath.ExpM1(1))))];

    /// <summary>For each element whether it is at least 1, ..., at least K - 1, as 0 and 1.</summary>
    protected internal override Tensor Inputs(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        double[] numbers = [.. Enumerable.Range(1, Categories - 1).Select(k => (double)k)];
        Tensor levels = Tensor.From(numbers, [numbers.Length]).To(x.DType);
        Shape each = x.Shape + [1];
        return Tensor.GreaterOrEqual(x.Reshape(each), levels).Flatten(^2);
    }

    /// <inheritdoc/>
    protected internal override Categorical Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(learned);
        Tensor location = Shaped(raw, eventShape), threshold = learned[0] - location;
        // sigmoid(b) - sigmoid(a) = sigmoid(b) sigmoid(-a) (1 - e^(a - b)): the logarithm of each factor is exact.
        List<Tensor> levels = [threshold.LogSigmoid()];
        for (int k = 1; k < Categories - 1; k++)
        {
            Tensor distance = learned[k].SoftPlus(), next = threshold + distance;
            levels.Add(next.LogSigmoid() + (-threshold).LogSigmoid() + (-(-distance).ExpM1()).Log());
            threshold = next;
        }

        levels.Add((-threshold).LogSigmoid());
        Shape single = location.Shape + [1];
        return new Categorical(Tensor.Concat(^1, [.. levels.Select(l => l.Reshape(single))]));
    }
}

/// <summary>Settings of an <see cref="OrdinalLikelihood"/>.</summary>
public sealed record OrdinalLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<OrdinalLikelihoodSettings>(
        "ordinal", "for numbers of ordered levels, 0 to K - 1",
        Setting.Whole<OrdinalLikelihoodSettings>(
            "categories", s => s.Categories, (s, v) => s with { Categories = v }, "number of levels", 2, 1000)
            .AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>K, the number of levels.</summary>
    public int Categories { get; init; } = 5;

    /// <inheritdoc/>
    public override Likelihood Make() => new OrdinalLikelihood(Categories);

    /// <inheritdoc/>
    public override EncoderInput Input(Shape eventShape, Rng rng) => new ElementInput(Make(), eventShape);
}
