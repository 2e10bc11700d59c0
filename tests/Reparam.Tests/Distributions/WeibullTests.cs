using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class WeibullTests()
    : ReparameterizedContract<Weibull>(p => new Weibull(p["scale"], p["concentration"]), "distributions/weibull.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-4, 1, 1e4 }
        from concentration in new[] { 0.01, 0.2, 1, 100 }
        select new Dictionary<string, Tensor>
        {
            ["scale"] = Tensor.Full([2], scale, DType.Float64),
            ["concentration"] = Tensor.Full([2], concentration, DType.Float64),
        };

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e4)]
    public void Variance_of_a_narrow_peak_keeps_its_digits_in_Float32(double x)
    {
        double Variance(DType dtype)
        {
            Tensor Of(double v) => Tensor.Scalar(v, dtype);
            return new Weibull(Of(1), Of(x)).Variance.Item();
        }

        Close.Require(1, Variance(DType.Float32) / Variance(DType.Float64), 1e-6);
    }
}
