namespace Reparam.Scoring;

/// <summary>What one element of a data point, such as a column, adds to its score.</summary>
/// <param name="Name">The name of the column, or the position of the element; <see cref="Combination"/> for the
/// KL.</param>
/// <param name="Nats">E_q[-log p(x_i|z)] of the element, or the KL, in nats.</param>
/// <param name="Deviations">How far <paramref name="Nats"/> lies above its mean over held-out data, in standard
/// deviations of the held-out data.</param>
public readonly record struct ElementScore(string Name, double Nats, double Deviations)
{
    /// <summary>The name of the KL among the elements: an unusual combination of values, each of which may be
    /// usual.</summary>
    public const string Combination = "(combination)";
}
