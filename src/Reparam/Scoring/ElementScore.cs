namespace Reparam.Scoring;

/// <summary>What one element of a data point, such as a column, adds to its score.</summary>
/// <param name="Name">The name of the column, or the position of the element; <see cref="Combination"/> for the
/// KL.</param>
/// <param name="Nats">For a cell of a table, -log p(x_i|the other cells): the score of the row less the score of the
/// row without the cell, in nats; NaN for a missing cell, and infinite for a value that the column cannot have. For an
/// element of an array, E_q[-log p(x_i|z)].</param>
/// <param name="Excess">How far <paramref name="Nats"/> lies above its mean over held-out data, in nats.</param>
public readonly record struct ElementScore(string Name, double Nats, double Excess)
{
    /// <summary>The name of the KL among the elements of an array: an unusual combination of values, each of which may
    /// be usual. Rows of a table do not have it: their cells are judged by all other cells.</summary>
    public const string Combination = "(combination)";
}
