using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class Chi2Tests() : ReparameterizedContract<Chi2>(p => new Chi2(p["df"]), "distributions/chi2.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from df in new[] { 1e-3, 1, 1e6 }
        select new Dictionary<string, Tensor> { ["df"] = Tensor.Full([2], df, DType.Float64) };
}
