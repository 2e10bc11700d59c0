using Reparam.Tensors.Backends.Cpu;
using static Reparam.Tensors.PortableMath;
using D = Reparam.Tensors.Backends.Cpu.Lanes128<double>;

namespace Reparam.Tensors.Special;

/// <summary>exp and log minus their linear parts. The exponents of sharply peaked integrands are built from these
/// functions.</summary>
public static partial class SpecialFunctions
{
    /// <summary>e^s - 1 - s, with a small relative error.</summary>
    internal static double ExpM1Residual(double s) =>
        Math.Abs(s) > 0.5 ? ExpM1(s) - s : D.First(Residuals.ExpM1Series(D.Of(s)));

    /// <summary>u - log(1 + u) for u > -1, with a small relative error.</summary>
    internal static double LogP1Residual(double u) =>
        Math.Abs(u) <= 0.5 ? D.First(Residuals.LogP1Series(D.Of(u))) : u - LogP1(u);
}
