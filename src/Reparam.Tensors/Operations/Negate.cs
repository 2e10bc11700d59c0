using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>-x elementwise.</summary>
    public Tensor Negate()
    {
        Tensor y = Apply(UnaryKernel.Negate, this);
        return y.Recorded(this, g => g.Negate());
    }

    /// <summary>-x elementwise.</summary>
    public static Tensor operator -(Tensor x) => x.Negate();
}
