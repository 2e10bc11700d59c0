using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class TruncatedNormalTests() : ReparameterizedContract<TruncatedNormal>(
    p => new TruncatedNormal(p["loc"], p["scale"], p["low"], p["high"]), "distributions/truncated_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 20, -20 }
        from scale in new[] { 0.5, 10 }
        from low in new[] { -1, double.NegativeInfinity }
        from high in new[] { 1, double.PositiveInfinity }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([2], loc, DType.Float64), ["scale"] = Tensor.Full([2], scale, DType.Float64),
            ["low"] = Tensor.Full([2], low, DType.Float64), ["high"] = Tensor.Full([2], high, DType.Float64),
        };

    [Fact]
    public void Open_interval_any_number_of_scales_away_has_its_tail()
    {
        Tensor Of(params double[] x) => Tensor.From(x, [x.Length]);
        var far = new TruncatedNormal(Of(0, 0, 0), Of(1e-6, 1e-10, 1e-10), Of(2000, 2, double.NegativeInfinity),
            Of(double.PositiveInfinity, double.PositiveInfinity, -2));
        Assert.True(far.LogProb(Of(2000, 2, -2)).IsFinite());
        Close.Require([2000, 2, -2], far.Sample(new Rng(1)).Doubles(), 1e-9);
    }

    [Fact]
    public void Intervals_narrow_against_the_scale_are_uniform_and_far_ones_exponential()
    {
        Tensor Of(params double[] x) => Tensor.From(x, [x.Length]);
        // Of 1e-6 of a scale: what departs from the uniform is of the order of its square.
        var narrow = new TruncatedNormal(Of(0, 0.5, 0), Of(1e6, 1e6, 1e6), Of(0, 0, -1), Of(1, 1, 0));
        Close.Require([0.5, 0.5, -0.5], narrow.Mean.Doubles(), 1e-11, "mean");
        foreach (double variance in narrow.Variance.Doubles()) Close.Require(1, variance * 12, 1e-11, "variance");
        Close.Require([0, 0, 0], narrow.Entropy().Doubles(), 1e-11, "entropy");
        Close.Require([0, 0, 0], narrow.LogProb(Of(0.25, 0.75, -0.5)).Doubles(), 1e-11, "log_prob");
        // 1e10 scales out the density falls like e^(-1e10 s): log 1e10 at the end, one less a decay length further; the
        // variance is a squared length.
        var far = new TruncatedNormal(
            Of(0, 0), Of(1, 1), Of(1e10, double.NegativeInfinity), Of(double.PositiveInfinity, -1e10));
        Close.Require(
            [Math.Log(1e10), Math.Log(1e10)], far.LogProb(Of(1e10, -1e10)).Doubles(), 1e-13, "log_prob at the end");
        foreach (double variance in far.Variance.Doubles())
            Close.Require(1, variance * 1e20, 1e-11, "variance far out");
        var short64 = new TruncatedNormal(Of(0), Of(1e-9), Of(1), Of(1 + 1e-9));
        // 1e9 scales out an interval of one scale: the density falls from 1e18 by e^-(1e9 s) over it.
        Close.Require(Math.Log(1e18), short64.LogProb(Of(1)).Item(), 1e-13);
    }

    [Fact]
    public void Narrow_intervals_have_finite_gradients()
    {
        Tensor[] parameters = [Tensor.Full([1], 0.25, DType.Float64), Tensor.Full([1], 1e3, DType.Float64),
            Tensor.Full([1], 0, DType.Float64), Tensor.Full([1], 1, DType.Float64)];
        GradientCheck.Require(
            p =>
            {
                var narrow = new TruncatedNormal(p[0], p[1], p[2], p[3]);
                return Tensor.Concat(0, narrow.Mean, narrow.Variance, narrow.Entropy(),
                    narrow.LogProb(Tensor.Full([1], 0.3, DType.Float64)));
            },
            parameters);
    }
}
