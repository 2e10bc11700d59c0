using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class TruncatedNormalTests() : ReparameterizedContract<TruncatedNormal>(p => new TruncatedNormal(p["loc"], p["scale"], p["low"], p["high"]), "distributions/truncated_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 20, -20 }
        from scale in new[] { 0.5, 10 }
        from low in new[] { -1, double.NegativeInfinity }
        from high in new[] { 1, double.PositiveInfinity }
        select new Dictionary<string, Tensor> { ["loc"] = Tensor.Full([2], loc, DType.Float64), ["scale"] = Tensor.Full([2], scale, DType.Float64), ["low"] = Tensor.Full([2], low, DType.Float64), ["high"] = Tensor.Full([2], high, DType.Float64) };

    [Fact]
    public void Open_interval_any_number_of_scales_away_has_its_tail()
    {
        Tensor Of(params double[] x) => Tensor.From(x, [x.Length]);
        var far = new TruncatedNormal(Of(0, 0, 0), Of(1e-6, 1e-10, 1e-10), Of(2000, 2, double.NegativeInfinity), Of(double.PositiveInfinity, double.PositiveInfinity, -2));
        Assert.True(far.LogProb(Of(2000, 2, -2)).IsFinite());
        Close.Require([2000, 2, -2], far.Sample(new Rng(1)).Doubles(), 1e-9);
    }
}
