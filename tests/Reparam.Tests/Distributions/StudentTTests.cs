using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class StudentTTests() : ReparameterizedContract<StudentT>(
    p => new StudentT(p["df"], p["loc"], p["scale"]), "distributions/student_t.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from df in new[] { 0.1, 1, 1e6 }
        from loc in new[] { 0, 1e4 }
        from scale in new[] { 1e-3, 1, 1e4 }
        select new Dictionary<string, Tensor>
        {
            ["df"] = Tensor.Full([2], df, DType.Float64), ["loc"] = Tensor.Full([2], loc, DType.Float64),
            ["scale"] = Tensor.Full([2], scale, DType.Float64),
        };

    protected override bool IsQuantile => false;
}
