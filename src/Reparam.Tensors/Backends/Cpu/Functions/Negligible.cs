namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The least normal numbers, 2^-126 and 2^-1022.</summary>
internal static class LeastNormal
{
    public const double Single = 1.1754943508222875e-38, Double = 2.2250738585072014e-308;

    /// <summary>The natural logarithm of the first number.</summary>
    public const double LogSingle = -87.3365447505531;
}

/// <summary>
/// Numbers below this bound are 0 where they are the weights of a sum of terms of size 1: the weights of a softmax and
/// the residuals of a Bernoulli. The sum of a million such weights is below a tenth of a rounding error of the sum of
/// all weights. Without the bound, the products of these numbers with small derivatives are denormal numbers, which
/// take processors a hundred cycles or more, in every operation of the backward pass.
/// </summary>
internal static class Negligible
{
    /// <summary>2^-60.</summary>
    public const double Single = 8.673617379884035e-19;

    /// <summary>2^-500.</summary>
    public const double Double = 3.054936363499605e-151;
}
