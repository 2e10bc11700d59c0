using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class VonMisesTests()
    : ReparameterizedContract<VonMises>(p => new VonMises(p["loc"], p["concentration"]), "distributions/von_mises.json")
{
    /// <summary>On a circle a shift of all angles moves no mass: the derivative of a draw is not unique, and ours is
    /// held where the circle is cut opposite to the location.</summary>
    protected override bool IsQuantile => false;

    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 3.1, -20 }
        from concentration in new[] { 1e-4, 1, 1e4 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([2], loc, DType.Float64),
            ["concentration"] = Tensor.Full([2], concentration, DType.Float64),
        };

    [Fact]
    public void Pathwise_gradients_are_those_of_the_circular_moments()
    {
        // E[cos x] = A cos loc and E[sin x] = A sin loc, A = I_1(k) / I_0(k).
        const int Draws = 20_000;
        (double loc, double k)[] members = [(0.4, 2), (3, 0.7), (-2, 30)];
        foreach ((double loc, double k) in members)
        {
            Tensor at = Tensor.Scalar(k, DType.Float64);
            double ratio = at.BesselIRatio(0).Item(), slope;
            using (var tape = new GradientTape()) slope = tape.Gradients(at.BesselIRatio(0), [at])[0].Item();
            foreach (bool cosine in new[] { true, false })
            {
                using var tape = new GradientTape();
                Tensor locs = Tensor.Full([Draws], loc, DType.Float64),
                    concentrations = Tensor.Full([Draws], k, DType.Float64);
                Tensor z = new VonMises(locs, concentrations).RSample(new Rng(11));
                Tensor f = cosine ? z.Cos() : z.Sin();
                Gradients gradients = tape.Gradients(f.Sum(), [locs, concentrations]);
                MonteCarlo.RequireMean(ratio * (cosine ? Math.Cos(loc) : Math.Sin(loc)), f.Doubles(), "moment");
                MonteCarlo.RequireMean(
                    ratio * (cosine ? -Math.Sin(loc) : Math.Cos(loc)), gradients[0].Doubles(), "by the location");
                MonteCarlo.RequireMean(
                    slope * (cosine ? Math.Cos(loc) : Math.Sin(loc)), gradients[1].Doubles(), "by the concentration");
            }
        }
    }

    [Fact]
    public void Circular_variance_lies_between_none_and_all()
    {
        Tensor variance = new VonMises(Tensor.Zeros([2], DType.Float64), Tensor.From([1e-6, 1e6], [2]))
            .CircularVariance;
        Close.Require(1 - 0.5e-6, variance.At(0), 1e-12);
        Close.Require(0.5e-6, variance.At(1), 1e-12);
    }
}
