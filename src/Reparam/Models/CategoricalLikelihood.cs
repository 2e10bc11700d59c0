using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Independent categorical elements: each element is the number 0, ..., K - 1 of a category. The network
/// predicts K logits for each element.</summary>
public sealed class CategoricalLikelihood : Likelihood
{
    /// <summary>The likelihood of <paramref name="categories"/> categories, at least 2.</summary>
    public CategoricalLikelihood(int categories)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 2);
        Categories = categories;
    }

    /// <summary>K, the number of categories.</summary>
    public int Categories { get; }

    /// <inheritdoc/>
    public override string Name => $"categorical:{Categories.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override int OutputsPerElement => Categories;

    /// <inheritdoc/>
    public override int InputsPerElement => Categories;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool ScoresCounts => true;

    /// <inheritdoc/>
    protected internal override Tensor Inputs(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.OneHot(Categories).Flatten(^2);
    }

    /// <inheritdoc/>
    protected internal override Categorical Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned)
    {
        ArgumentNullException.ThrowIfNull(raw);
        return new Categorical(raw.Reshape(raw.Shape[..^1] + eventShape + [Categories]));
    }
}

/// <summary>Settings of a <see cref="CategoricalLikelihood"/>.</summary>
public sealed record CategoricalLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<CategoricalLikelihoodSettings>(
        "categorical", "for numbers of categories, 0 to K - 1",
        Setting.Whole<CategoricalLikelihoodSettings>(
            "categories", s => s.Categories, (s, v) => s with { Categories = v }, "number of categories", 2, 10_001)
            .AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>K, the number of categories.</summary>
    public int Categories { get; init; } = 10;

    /// <inheritdoc/>
    public override Likelihood Make() => new CategoricalLikelihood(Categories);

    /// <inheritdoc/>
    public override EncoderInput Input(Shape eventShape, Rng rng) => new ElementInput(Make(), eventShape);
}
