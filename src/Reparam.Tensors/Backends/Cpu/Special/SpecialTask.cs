using Reparam.Tensors.Special;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>y[i] = kernel(a[i], b[i], c[i]), computed in double whatever the element type and rounded once.</summary>
internal unsafe struct SpecialTask : IChunkJob
{
    /// <summary>An element costs as much as hundreds of additions, so chunks are short.</summary>
    private const int ChunkLength = 128, Weight = 500;

    public SpecialKernel Kernel;
    public byte* A, B, C, Y;
    public int Length;
    public DType DType;

    public void Run() => WorkerPool.For((Length + ChunkLength - 1) / ChunkLength, (long)Length * Weight, ref this);

    public readonly void Run(int chunk)
    {
        int end = Math.Min(Length, (chunk + 1) * ChunkLength);
        for (int i = chunk * ChunkLength; i < end; i++)
        {
            double y = Evaluate(Kernel, At(A, i), At(B, i), At(C, i));
            if (DType == DType.Float32) ((float*)Y)[i] = (float)y;
            else ((double*)Y)[i] = y;
        }
    }

    /// <summary>An operand that the kernel lacks reads as 0.</summary>
    private readonly double At(byte* operand, int index) =>
        operand is null ? 0 : DType == DType.Float32 ? ((float*)operand)[index] : ((double*)operand)[index];

    private static double Evaluate(SpecialKernel kernel, double a, double b, double c) => kernel switch
    {
        SpecialKernel.Atan => PortableMath.Atan(a),
        SpecialKernel.LogGamma => SpecialFunctions.LogGamma(a),
        SpecialKernel.Digamma => SpecialFunctions.Digamma(a),
        SpecialKernel.Trigamma => SpecialFunctions.Trigamma(a),
        SpecialKernel.LogBeta => SpecialFunctions.LogBeta(a, b),
        SpecialKernel.NormalDensity => SpecialFunctions.NormalDensity(a),
        SpecialKernel.NormalCdf => SpecialFunctions.NormalCdf(a),
        SpecialKernel.LogNormalCdf => SpecialFunctions.LogNormalCdf(a),
        SpecialKernel.InverseMillsRatio => SpecialFunctions.InverseMillsRatio(a),
        SpecialKernel.NormalQuantile => PortableMath.NormalQuantile(a),
        SpecialKernel.NormalQuantileOfLog => SpecialFunctions.NormalQuantileOfLog(a),
        SpecialKernel.NormalQuantileSlope => 1 / SpecialFunctions.NormalDensity(a),
        SpecialKernel.RegularizedGammaP => SpecialFunctions.RegularizedGammaP(a, b),
        SpecialKernel.RegularizedGammaPByShape => SpecialFunctions.RegularizedGammaPByShape(a, b),
        SpecialKernel.GammaDensity => SpecialFunctions.GammaDensity(a, b),
        SpecialKernel.GammaQuantile => SpecialFunctions.GammaQuantile(a, b),
        SpecialKernel.GammaPathwise => SpecialFunctions.GammaPathwise(a, b),
        SpecialKernel.RegularizedBeta => SpecialFunctions.RegularizedBeta(a, b, c),
        SpecialKernel.RegularizedBetaByA => SpecialFunctions.RegularizedBetaByA(a, b, c),
        SpecialKernel.RegularizedBetaByB => SpecialFunctions.RegularizedBetaByB(a, b, c),
        SpecialKernel.BetaDensity => SpecialFunctions.BetaDensity(a, b, c),
        SpecialKernel.BetaQuantile => SpecialFunctions.BetaQuantile(a, b, c),
        SpecialKernel.BetaPathwiseA => SpecialFunctions.BetaPathwiseA(a, b, c),
        SpecialKernel.BetaPathwiseB => SpecialFunctions.BetaPathwiseB(a, b, c),
        SpecialKernel.LogBesselI => SpecialFunctions.LogBesselI(a, b),
        SpecialKernel.LogBesselISlope => SpecialFunctions.LogBesselISlope(a, b),
        SpecialKernel.LogBesselIReduced => SpecialFunctions.LogBesselIReduced(a, b),
        SpecialKernel.BesselIRatio => SpecialFunctions.BesselIRatio(a, b),
        SpecialKernel.BesselIRatioSlope => SpecialFunctions.BesselIRatioSlope(a, b),
        SpecialKernel.VonMisesCdf => SpecialFunctions.VonMisesCdf(a, b),
        SpecialKernel.VonMisesCdfByConcentration => SpecialFunctions.VonMisesCdfByConcentration(a, b),
        SpecialKernel.VonMisesDensity => SpecialFunctions.VonMisesDensity(a, b),
        SpecialKernel.VonMisesQuantile => SpecialFunctions.VonMisesQuantile(a, b),
        SpecialKernel.VonMisesPathwise => SpecialFunctions.VonMisesPathwise(a, b),
        SpecialKernel.VonMisesFisherDensity => SpecialFunctions.VonMisesFisherDensity(a, b, c),
        SpecialKernel.VonMisesFisherQuantile => SpecialFunctions.VonMisesFisherQuantile(a, b, c),
        SpecialKernel.VonMisesFisherPathwise => SpecialFunctions.VonMisesFisherPathwise(a, b, c),
        _ => throw new ArgumentOutOfRangeException(nameof(kernel), kernel, null),
    };
}
