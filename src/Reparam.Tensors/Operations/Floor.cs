using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The largest integer that is not above x, elementwise. Piecewise constant: no gradient.</summary>
    public Tensor Floor() => Apply(UnaryKernel.Floor, this);
}
