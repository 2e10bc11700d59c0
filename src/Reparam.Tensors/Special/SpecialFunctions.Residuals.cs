using Reparam.Tensors.Backends.Cpu;
using static Reparam.Tensors.PortableMath;
using D = Reparam.Tensors.Backends.Cpu.Lanes128<double>;

namespace Reparam.Tensors.Special;

/// <summary>What exp and log leave when their straight part is taken away: the exponents of sharply peaked integrands
/// are made of these.</summary>
public static partial class SpecialFunctions
{
    /// <summary>e^s - 1 - s, accurate relative to itself.</summary>
    internal static double ExpM1Residual(double s) =>
        Math.Abs(s) > 0.5 ? ExpM1(s) - s : D.First(Residuals.ExpM1Series(D.Of(s)));

    /// <summary>u - log(1 + u) for u > -1, accurate relative to itself.</summary>
    internal static double LogP1Residual(double u) =>
        Math.Abs(u) <= 0.5 ? D.First(Residuals.LogP1Series(D.Of(u))) : u - LogP1(u);
}
