namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The least normal numbers, 2^-126 and 2^-1022.</summary>
internal static class LeastNormal
{
    public const double Single = 1.1754943508222875e-38, Double = 2.2250738585072014e-308;

    /// <summary>The natural logarithm of the first number.</summary>
    public const double LogSingle = -87.3365447505531;
}
