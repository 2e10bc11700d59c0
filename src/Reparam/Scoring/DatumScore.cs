namespace Reparam.Scoring;

/// <summary>How strange a data point is.</summary>
/// <param name="Score">-log p(x) in nats, by importance sampling. A larger score is stranger. A missing cell counts
/// with its column's mean over held-out data, so that a row is not less strange because less of it is known. The score
/// is infinite if a column has a value that it cannot have, such as a count of -5.</param>
/// <param name="StandardError">The standard error of the score over the draws.</param>
/// <param name="PValue">
/// The share of held-out data that are at least as strange: (1 + number with a score >= this score) / (1 + n). For data
/// like the held-out data, P(p-value &lt;= a) is at most a (split conformal prediction; Vovk, Gammerman and Shafer
/// 2005).
/// </param>
/// <param name="Reconstruction">E_q[-log p(x|z)], in nats.</param>
/// <param name="KL">E_q[log q(z|x) - log p(z)], in nats.</param>
/// <param name="Elements">The cells of the row in their order; for an array, its elements, then the KL. Empty if the
/// model does not give the distribution of single elements.</param>
public sealed record DatumScore(double Score, double StandardError, double PValue, double Reconstruction, double KL,
    IReadOnlyList<ElementScore> Elements)
{
    /// <summary>The elements that make the data point strange, the strongest first.</summary>
    public IEnumerable<ElementScore> Causes => Elements.OrderByDescending(e => e.Excess);
}
