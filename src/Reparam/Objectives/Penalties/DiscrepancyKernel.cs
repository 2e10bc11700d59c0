namespace Reparam.Objectives.Penalties;

/// <summary>The kernels of <see cref="AggregateDiscrepancy"/>.</summary>
public enum DiscrepancyKernel
{
    /// <summary>c / (c + |x - y|^2), c = 2 D bandwidth^2 for codes of length D.</summary>
    InverseMultiquadratic,

    /// <summary>exp(-|x - y|^2 / c), with the same c.</summary>
    Gaussian,
}
