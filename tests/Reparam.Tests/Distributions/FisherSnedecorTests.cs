using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class FisherSnedecorTests() : ReparameterizedContract<FisherSnedecor>(
    p => new FisherSnedecor(p["df1"], p["df2"]), "distributions/fisher_snedecor.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from df1 in new[] { 0.5, 1, 1e5 }
        from df2 in new[] { 0.5, 1, 1e5 }
        select new Dictionary<string, Tensor>
        {
            ["df1"] = Tensor.Full([2], df1, DType.Float64), ["df2"] = Tensor.Full([2], df2, DType.Float64),
        };

    protected override bool IsQuantile => false;
}
