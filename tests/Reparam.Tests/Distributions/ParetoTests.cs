using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class ParetoTests() : ReparameterizedContract<Pareto>(p => new Pareto(p["scale"], p["concentration"]), "distributions/pareto.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-4, 1, 1e4 }
        from concentration in new[] { 0.5, 1, 100 }
        select new Dictionary<string, Tensor> { ["scale"] = Tensor.Full([2], scale, DType.Float64), ["concentration"] = Tensor.Full([2], concentration, DType.Float64) };
}
