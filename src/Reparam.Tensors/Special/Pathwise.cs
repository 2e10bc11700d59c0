using Reparam.Tensors.Backends;

namespace Reparam.Tensors.Special;

/// <summary>
/// Derivatives of draws with respect to a parameter, elementwise with broadcasting, for implicit reparameterization
/// (Figurnov, Mohamed and Mnih 2018). Each derivative is taken at a fixed value of the CDF: as the parameter changes,
/// the draw moves so that its CDF keeps its value. They are factors of a vector-Jacobian product (see
/// <see cref="Tensor.WithVjp"/>). No gradient flows through them.
/// </summary>
public static class Pathwise
{
    /// <summary>dx/da, at a fixed value of the CDF, of a draw x of a standard gamma variable of shape a
    /// (<see cref="SpecialFunctions.GammaPathwise"/>).</summary>
    /// <param name="shape">The shape a.</param>
    /// <param name="x">The draw.</param>
    public static Tensor Gamma(Tensor shape, Tensor x) => Of(SpecialKernel.GammaPathwise, shape, x);

    /// <summary>dx/da, at a fixed value of the CDF, of a draw x of a beta variable of shapes a and b
    /// (<see cref="SpecialFunctions.BetaPathwiseA"/>).</summary>
    /// <param name="a">The first shape (exponent a - 1 of x).</param>
    /// <param name="b">The second shape (exponent b - 1 of 1 - x).</param>
    /// <param name="x">The draw.</param>
    public static Tensor BetaA(Tensor a, Tensor b, Tensor x) => Beta(SpecialKernel.BetaPathwiseA, a, b, x);

    /// <summary>dx/db, at a fixed value of the CDF, of a draw x of a beta variable of shapes a and b
    /// (<see cref="SpecialFunctions.BetaPathwiseB"/>).</summary>
    /// <param name="a">The first shape (exponent a - 1 of x).</param>
    /// <param name="b">The second shape (exponent b - 1 of 1 - x).</param>
    /// <param name="x">The draw.</param>
    public static Tensor BetaB(Tensor a, Tensor b, Tensor x) => Beta(SpecialKernel.BetaPathwiseB, a, b, x);

    /// <summary>dx/dk, at a fixed value of the CDF, of a draw x of a von Mises variable of mean direction 0 and
    /// concentration k (<see cref="SpecialFunctions.VonMisesPathwise"/>).</summary>
    /// <param name="concentration">The concentration k.</param>
    /// <param name="x">The draw, in [-pi, pi].</param>
    public static Tensor VonMises(Tensor concentration, Tensor x) =>
        Of(SpecialKernel.VonMisesPathwise, concentration, x);

    private static Tensor Of(SpecialKernel kernel, Tensor parameter, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(x);
        (parameter, x) = Tensor.Aligned(parameter.Detach(), x.Detach());
        return Tensor.Apply(kernel, parameter, x);
    }

    private static Tensor Beta(SpecialKernel kernel, Tensor a, Tensor b, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(x);
        (a, b, x) = Tensor.Aligned(a.Detach(), b.Detach(), x.Detach());
        return Tensor.Apply(kernel, a, b, x);
    }
}
