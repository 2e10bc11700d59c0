using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class GammaTests()
    : ReparameterizedContract<Gamma>(p => new Gamma(p["concentration"], p["rate"]), "distributions/gamma.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from concentration in new[] { 1e-3, 0.1, 1, 1e6 }
        from rate in new[] { 1e-6, 1, 1e6 }
        select new Dictionary<string, Tensor>
        {
            ["concentration"] = Tensor.Full([2], concentration, DType.Float64),
            ["rate"] = Tensor.Full([2], rate, DType.Float64),
        };

    [Fact]
    public void Divergence_of_large_concentrations_keeps_its_digits_in_Float32()
    {
        Tensor Of(double x) => Tensor.From([x], [1]);
        double exact = KLDivergence.ClosedForm(new Gamma(Of(10000), Of(1)), new Gamma(Of(10010), Of(1)))!.Item();
        double single = KLDivergence.ClosedForm(new Gamma(Of(10000).To(DType.Float32), Of(1).To(DType.Float32)),
            new Gamma(Of(10010).To(DType.Float32), Of(1).To(DType.Float32)))!.Item();
        Close.Require(1, single / exact, 1e-6);
    }
}
