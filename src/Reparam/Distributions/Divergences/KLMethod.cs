namespace Reparam.Distributions.Divergences;

/// <summary>How a divergence was computed.</summary>
public enum KLMethod
{
    /// <summary>Computed from a formula: exact up to rounding.</summary>
    ClosedForm,

    /// <summary>Estimated from draws: unbiased, with sampling error.</summary>
    MonteCarlo,
}
