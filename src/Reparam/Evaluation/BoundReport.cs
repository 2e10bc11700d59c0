namespace Reparam.Evaluation;

/// <summary>The evidence lower bound of a model on a data set and its parts, in nats per data point.</summary>
/// <param name="Elbo">E_q[log p(x|z)] - KL, a lower bound on log p(x).</param>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="KL">KL(q(z|x) || p(z)).</param>
/// <param name="ActiveUnits">Number of latent dimensions whose posterior mean has a variance over the data of more than
/// 0.01 (Burda et al. 2016).</param>
/// <param name="KLPerDimension">The KL of each latent dimension; empty if it has no closed form.</param>
public sealed record BoundReport(
    Estimate Elbo, Estimate Reconstruction, Estimate KL, int ActiveUnits, IReadOnlyList<double> KLPerDimension)
{
    /// <summary>The number of active dimensions and of all dimensions of each latent, by name.</summary>
    public IReadOnlyList<(string Name, int Active, int Dimensions)> ActiveByLatent { get; init; } = [];

    /// <summary>The KL of each latent, by name.</summary>
    public IReadOnlyList<(string Name, double KL)> KLByLatent { get; init; } = [];
}
