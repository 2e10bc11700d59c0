using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>a + b elementwise, broadcasting. d/da = d/db = 1.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor Add(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        Tensor y = Apply(BinaryKernel.Add, a, b);
        return y.Recorded([a, b], [g => g.SumTo(a.Shape), g => g.SumTo(b.Shape)]);
    }

    /// <summary>a + b elementwise, broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Add(a, b);
}
