using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>The composition of several maps. The first map is applied first. The log-determinants add up.</summary>
public sealed class Chain : Bijector
{
    private readonly Bijector[] _maps;

    /// <summary>The composition of <paramref name="maps"/>, in the order in which they are applied.</summary>
    public Chain(params IReadOnlyList<Bijector> maps)
        : base(maps.Count == 0 ? 0 : maps.Max(m => m.EventRank)) => _maps = [.. maps];

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        Tensor? total = null;
        foreach (Bijector map in _maps) (x, total) = Step(map.Forward(x), map.EventRank, total);
        return (x, total ?? Nothing(x));
    }

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y)
    {
        Tensor? total = null;
        for (int i = _maps.Length - 1; i >= 0; i--) (y, total) = Step(_maps[i].Inverse(y), _maps[i].EventRank, total);
        return (y, total ?? Nothing(y));
    }

    /// <inheritdoc/>
    public override Shape ForwardShape(Shape eventShape) =>
        _maps.Aggregate(eventShape, (shape, map) => map.ForwardShape(shape));

    private (Tensor Value, Tensor Total) Step((Tensor Value, Tensor LogDet) result, int eventRank, Tensor? total)
    {
        // If the events of a map have fewer axes than the events of the chain, its log-determinant is summed over the
        // other event axes.
        Tensor logDet = eventRank == EventRank ? result.LogDet : result.LogDet.SumFrom(^(EventRank - eventRank));
        return (result.Value, total is null ? logDet : total + logDet);
    }

    private Tensor Nothing(Tensor x) => Tensor.Zeros(x.Shape[..^EventRank], x.DType);
}
