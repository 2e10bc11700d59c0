namespace Reparam.Evaluation;

/// <summary>The evidence lower bound of a model on a data set and where it goes, in nats per datum.</summary>
/// <param name="Elbo">E_q[log p(x|z)] - KL, a lower bound on log p(x).</param>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="KL">KL(q(z|x) || p(z)).</param>
/// <param name="ActiveUnits">Latent dimensions whose posterior mean varies over the data by more than 0.01 (Burda et
/// al. 2016).</param>
/// <param name="KLPerDimension">The KL of each latent dimension; empty where it has no closed form.</param>
public sealed record BoundReport(
    Estimate Elbo, Estimate Reconstruction, Estimate KL, int ActiveUnits, IReadOnlyList<double> KLPerDimension)
{
    /// <summary>The active dimensions of each latent and how many it has, by name.</summary>
    public IReadOnlyList<(string Name, int Active, int Dimensions)> ActiveByLatent { get; init; } = [];

    /// <summary>The KL of each latent, by name.</summary>
    public IReadOnlyList<(string Name, double KL)> KLByLatent { get; init; } = [];
}
