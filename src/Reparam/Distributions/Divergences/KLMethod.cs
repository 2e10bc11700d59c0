namespace Reparam.Distributions.Divergences;

/// <summary>How a divergence was computed.</summary>
public enum KLMethod
{
    /// <summary>From a formula: exact up to rounding.</summary>
    ClosedForm,

    /// <summary>From draws: unbiased, with sampling error.</summary>
    MonteCarlo,
}
