using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// x^p elementwise for one exponent p (<see cref="PortableMath.Pow"/>): 1 for p = 0, also at x = 0; NaN for a
    /// negative x if p is not an integer. d/dx = p x^(p - 1). For p = 0 it is 0 everywhere; at x = 0 it is infinite for
    /// other p below 1, and 1 for p = 1.
    /// </summary>
    /// <param name="exponent">The exponent p; rounded to the element type.</param>
    public Tensor Pow(double exponent)
    {
        // These cases have kernels with the same bits that take less time.
        if (exponent == 1) return Detach().Recorded(this, g => g);
        if (exponent == 2) return Square();
        if (exponent == -1) return Reciprocal();
        Tensor p = Full(Shape, exponent, DType);
        Tensor y = Apply(SpecialKernel.Power, this, p);
        return y.Recorded(this, g => g * Apply(SpecialKernel.PowerByBase, this, p));
    }

    /// <summary>
    /// x^p elementwise, broadcasting (<see cref="PortableMath.Pow"/>): 1 for p = 0, also at x = 0; NaN for a negative x
    /// if p is not an integer. d/dx = p x^(p - 1), and 0 for p = 0. d/dp = x^p log x; it is 0 for x = 0 with p of at
    /// least 0, and NaN for a negative x.
    /// </summary>
    /// <param name="exponent">The exponents p.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public Tensor Pow(Tensor exponent)
    {
        ArgumentNullException.ThrowIfNull(exponent);
        (Tensor x, Tensor p) = Aligned(this, exponent);
        Tensor y = Apply(SpecialKernel.Power, x, p);
        return y.Recorded(
            [x, p],
            [g => g * Apply(SpecialKernel.PowerByBase, x, p), g => g * Apply(SpecialKernel.PowerByExponent, x, p)]);
    }
}
