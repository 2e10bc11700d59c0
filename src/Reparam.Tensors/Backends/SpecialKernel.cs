namespace Reparam.Tensors.Backends;

/// <summary>Special functions of up to three arguments a, b, c. Each has the name of the member of
/// <see cref="Special.SpecialFunctions"/> that it computes, or has its own comment.</summary>
internal enum SpecialKernel
{
    Atan, LogGamma, Digamma, Trigamma, LogBeta, DigammaDifference, LogGammaDivergence, GammaEntropy, GammaEntropySlope,
    NormalDensity, NormalCdf, LogNormalCdf, InverseMillsRatio, NormalQuantile, NormalQuantileOfLog,

    /// <summary>1 / phi(z), the derivative of the normal quantile z.</summary>
    NormalQuantileSlope,

    /// <summary>a^b, and its derivatives with respect to a (0 where b is 0) and b (0 where a is 0 and b is not
    /// negative).</summary>
    Power, PowerByBase, PowerByExponent,

    RegularizedGammaP, RegularizedGammaPByShape, GammaDensity, LogGammaDensity, LogGammaDensityByShape, GammaQuantile,
    GammaQuantileUpper, GammaPathwise,
    LogRegularizedGammaP, LogRegularizedGammaPByX, LogRegularizedGammaPByShape, LogRegularizedGammaQ,
    LogRegularizedGammaQByX, LogRegularizedGammaQByShape,
    RegularizedBeta, RegularizedBetaByA, RegularizedBetaByB, BetaDensity, LogBetaDensity, LogBetaDensityByA,
    LogBetaDensityByB, BetaQuantile, BetaQuantileComplement, BetaPathwiseA, BetaPathwiseB,
    LogRegularizedBeta, LogRegularizedBetaByA, LogRegularizedBetaByB, LogRegularizedBetaByX,
    LogRegularizedBetaComplement, LogRegularizedBetaComplementByA, LogRegularizedBetaComplementByB,
    LogRegularizedBetaComplementByX,
    LogBesselI, LogBesselISlope, LogBesselIReduced, BesselIRatio, BesselIRatioSlope,
    VonMisesCdf, VonMisesCdfByConcentration, VonMisesDensity, VonMisesQuantile, VonMisesPathwise,
    VonMisesFisherDensity, VonMisesFisherQuantile, VonMisesFisherPathwise,
}
