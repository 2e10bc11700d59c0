using Reparam.Tensors.Backends;

namespace Reparam.Tensors.Special;

/// <summary>
/// Derivatives of draws by parameters at a fixed CDF, elementwise with broadcasting, as implicit reparameterization needs them (Figurnov, Mohamed and Mnih 2018):
/// factors of a vector-Jacobian product (see <see cref="Tensor.WithVjp"/>). No gradient flows through them.
/// </summary>
public static class Pathwise
{
    /// <summary>dx/da of a draw x of a standard gamma variable of shape a (<see cref="SpecialFunctions.GammaPathwise"/>).</summary>
    /// <param name="shape">The shape a.</param>
    /// <param name="x">The draw.</param>
    public static Tensor Gamma(Tensor shape, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(x);
        (Tensor a, Tensor draw) = Tensor.Aligned(shape.Detach(), x.Detach());
        return Tensor.Apply(SpecialKernel.GammaPathwise, a, draw);
    }
}
