using Reparam.Tensors.Special;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>y[i] = kernel(a[i], b[i], c[i]), computed in double for both element types and rounded once.</summary>
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

    /// <summary>An operand that the kernel does not have reads as 0.</summary>
    private readonly double At(byte* operand, int index) =>
        operand is null ? 0 : DType == DType.Float32 ? ((float*)operand)[index] : ((double*)operand)[index];

    private static double Evaluate(SpecialKernel kernel, double a, double b, double c) => kernel switch
    {
        SpecialKernel.Atan => PortableMath.Atan(a),
        SpecialKernel.LogGamma => SpecialFunctions.LogGamma(a),
        SpecialKernel.Digamma => SpecialFunctions.Digamma(a),
        SpecialKernel.Trigamma => SpecialFunctions.Trigamma(a),
        SpecialKernel.LogBeta => SpecialFunctions.LogBeta(a, b),
        SpecialKernel.DigammaDifference => SpecialFunctions.DigammaDifference(a, b),
        SpecialKernel.LogGammaDivergence => SpecialFunctions.LogGammaDivergence(a, b, c),
        SpecialKernel.GammaEntropy => SpecialFunctions.GammaEntropy(a),
        SpecialKernel.GammaEntropySlope => SpecialFunctions.GammaEntropySlope(a),
        SpecialKernel.NormalDensity => SpecialFunctions.NormalDensity(a),
        SpecialKernel.NormalCdf => SpecialFunctions.NormalCdf(a),
        SpecialKernel.LogNormalCdf => SpecialFunctions.LogNormalCdf(a),
        SpecialKernel.InverseMillsRatio => SpecialFunctions.InverseMillsRatio(a),
        SpecialKernel.NormalQuantile => PortableMath.NormalQuantile(a),
        SpecialKernel.NormalQuantileOfLog => SpecialFunctions.NormalQuantileOfLog(a),
        SpecialKernel.NormalQuantileSlope => 1 / SpecialFunctions.NormalDensity(a),
        SpecialKernel.Power => PortableMath.Pow(a, b),
        SpecialKernel.PowerByBase => b == 0 ? 0 : b * PortableMath.Pow(a, b - 1),
        SpecialKernel.PowerByExponent => a == 0 && b >= 0 ? 0 : PortableMath.Pow(a, b) * PortableMath.Log(a),
        SpecialKernel.RegularizedGammaP => SpecialFunctions.RegularizedGammaP(a, b),
        SpecialKernel.RegularizedGammaPByShape => SpecialFunctions.RegularizedGammaPByShape(a, b),
        SpecialKernel.GammaDensity => SpecialFunctions.GammaDensity(a, b),
        SpecialKernel.LogGammaDensity => SpecialFunctions.LogGammaDensity(a, b),
        SpecialKernel.LogGammaDensityByShape => SpecialFunctions.LogGammaDensityByShape(a, b),
        SpecialKernel.GammaQuantile => SpecialFunctions.GammaQuantile(a, b),
        SpecialKernel.GammaPathwise => SpecialFunctions.GammaPathwise(a, b),
        SpecialKernel.GammaQuantileUpper => SpecialFunctions.GammaQuantileUpper(a, b),
        SpecialKernel.LogRegularizedGammaP => SpecialFunctions.LogRegularizedGammaP(a, b),
        SpecialKernel.LogRegularizedGammaPByX => SpecialFunctions.LogRegularizedGammaPByX(a, b),
        SpecialKernel.LogRegularizedGammaPByShape => SpecialFunctions.LogRegularizedGammaPByShape(a, b),
        SpecialKernel.LogRegularizedGammaQ => SpecialFunctions.LogRegularizedGammaQ(a, b),
        SpecialKernel.LogRegularizedGammaQByX => SpecialFunctions.LogRegularizedGammaQByX(a, b),
        SpecialKernel.LogRegularizedGammaQByShape => SpecialFunctions.LogRegularizedGammaQByShape(a, b),
        SpecialKernel.RegularizedBeta => SpecialFunctions.RegularizedBeta(a, b, c),
        SpecialKernel.RegularizedBetaByA => SpecialFunctions.RegularizedBetaByA(a, b, c),
        SpecialKernel.RegularizedBetaByB => SpecialFunctions.RegularizedBetaByB(a, b, c),
        SpecialKernel.BetaDensity => SpecialFunctions.BetaDensity(a, b, c),
        SpecialKernel.LogBetaDensity => SpecialFunctions.LogBetaDensity(a, b, c),
        SpecialKernel.LogBetaDensityByA => SpecialFunctions.LogBetaDensityByA(a, b, c),
        SpecialKernel.LogBetaDensityByB => SpecialFunctions.LogBetaDensityByB(a, b, c),
        SpecialKernel.BetaQuantile => SpecialFunctions.BetaQuantile(a, b, c),
        SpecialKernel.BetaQuantileComplement => SpecialFunctions.BetaQuantileComplement(a, b, c),
        SpecialKernel.BetaPathwiseA => SpecialFunctions.BetaPathwiseA(a, b, c),
        SpecialKernel.BetaPathwiseB => SpecialFunctions.BetaPathwiseB(a, b, c),
        SpecialKernel.LogRegularizedBeta => SpecialFunctions.LogRegularizedBeta(a, b, c),
        SpecialKernel.LogRegularizedBetaByA => SpecialFunctions.LogRegularizedBetaByA(a, b, c),
        SpecialKernel.LogRegularizedBetaByB => SpecialFunctions.LogRegularizedBetaByB(a, b, c),
        SpecialKernel.LogRegularizedBetaByX => SpecialFunctions.LogRegularizedBetaByX(a, b, c),
        SpecialKernel.LogRegularizedBetaComplement => SpecialFunctions.LogRegularizedBetaComplement(a, b, c),
        SpecialKernel.LogRegularizedBetaComplementByA => SpecialFunctions.LogRegularizedBetaComplementByA(a, b, c),
        SpecialKernel.LogRegularizedBetaComplementByB => SpecialFunctions.LogRegularizedBetaComplementByB(a, b, c),
        SpecialKernel.LogRegularizedBetaComplementByX => SpecialFunctions.LogRegularizedBetaComplementByX(a, b, c),
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
