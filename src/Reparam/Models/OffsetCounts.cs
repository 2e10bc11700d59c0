using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent counts x of a datum given their mean t = sum_j x_j / n: p(x|t), whose log-means have the offset log t.
/// Draws, means and variances have a typical t.
/// </summary>
internal sealed class OffsetCounts : Distribution
{
    private readonly Func<Tensor, Distribution> _given;
    private readonly Tensor _typical;
    private readonly double _least;

    /// <param name="batch">The batch shape.</param>
    /// <param name="datum">The shape of a datum.</param>
    /// <param name="typical">The offset of draws and means, a scalar.</param>
    /// <param name="least">The smallest t.</param>
    /// <param name="given">The distribution of the elements given offsets that broadcast with [..., n].</param>
    public OffsetCounts(
        Shape batch, Shape datum, Tensor typical, double least, Func<Tensor, Distribution> given)
        : base(batch, datum, typical.DType) => (_given, _typical, _least) = (given, typical, least);

    /// <inheritdoc/>
    public override Support Support => _given(_typical).Support;

    /// <inheritdoc/>
    public override Tensor Mean => _given(_typical).Mean;

    /// <inheritdoc/>
    public override Tensor Variance => _given(_typical).Variance;

    /// <inheritdoc/>
    public override Tensor Mode => _given(_typical).Mode;

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) => _given(_typical).Sample(rng, sampleShape);

    /// <inheritdoc/>
    public override Tensor ElementLogProb(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Tensor flat = value.Reshape(value.Shape[..^EventShape.Rank] + [EventShape.Size]);
        Tensor mean = flat.SumFrom(^1) * (1.0 / EventShape.Size);
        Tensor offset = mean.Clamp(_least, double.MaxValue).Log();
        return _given(offset.Reshape(offset.Shape + [1])).LogProb(value);
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => ElementLogProb(value).SumFrom(^EventShape.Rank);
}
