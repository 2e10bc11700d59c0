using Reparam.Models;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Tests.Models;

namespace Reparam.Tests.Training;

public sealed class WeightsFileTests
{
    [Fact]
    public void Tensor_of_another_type_is_refused_and_nothing_is_changed()
    {
        Vae vae = SmallModel.Make(), doubles = SmallModel.Make(dtype: DType.Float64, seed: 4);
        string before = WeightsFile.Sha256(vae.Parameters);
        var failure = Assert.Throws<InvalidModelException>(
            () => WeightsFile.CopyTo(WeightsFile.From(doubles.Parameters), vae.Parameters, "weights"));
        Assert.Contains("has type F64, and the model needs F32", failure.Message, StringComparison.Ordinal);
        Parameter[] counters = [.. vae.Parameters.Take(1)];
        SafetensorsFile integers = new(
            [SafetensorsEntry.FromInt64(counters[0].Name, counters[0].Shape, new long[counters[0].Shape.Size])]);
        Assert.Throws<InvalidModelException>(() => WeightsFile.CopyTo(integers, counters, "weights"));
        Assert.Equal(before, WeightsFile.Sha256(vae.Parameters));
    }
}
