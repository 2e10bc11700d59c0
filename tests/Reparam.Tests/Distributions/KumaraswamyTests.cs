using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class KumaraswamyTests()
    : ReparameterizedContract<Kumaraswamy>(p => new Kumaraswamy(p["a"], p["b"]), "distributions/kumaraswamy.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from a in new[] { 0.1, 1, 100 }
        from b in new[] { 0.1, 1, 100 }
        select new Dictionary<string, Tensor>
        {
            ["a"] = Tensor.Full([2], a, DType.Float64), ["b"] = Tensor.Full([2], b, DType.Float64),
        };

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e4)]
    public void Variance_of_a_narrow_peak_keeps_its_digits_in_Float32(double x)
    {
        double Variance(DType dtype)
        {
            Tensor Of(double v) => Tensor.Scalar(v, dtype);
            return new Kumaraswamy(Of(x), Of(x)).Variance.Item();
        }

        Close.Require(1, Variance(DType.Float32) / Variance(DType.Float64), 1e-6);
    }
}
