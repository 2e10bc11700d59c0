using Reparam.Data;

namespace Reparam.Training;

/// <summary>
/// A loss or gradient became NaN or infinite, or a distribution's parameter left its domain. The parameters are those before the failing step. The message names where it arose.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(string origin, long step, int epoch, int[] indices, double loss, double gradientNorm, Dataset? data = null)
        : base(FormattableString.Invariant(
            $"Training diverged at step {step} (epoch {epoch}): it came from {origin}; loss {loss}, gradient norm {gradientNorm}.{(indices.Length > 0 ? $" The batch held data {string.Join(", ", indices.Take(8))}{(indices.Length > 8 ? ", ..." : "")}." : "")} {DataScale.Problem(data) ?? "Try a lower learning rate or gradient clipping"}; what was saved before is intact."))
    {
        if (data is not null) DataRange = (data.Range().Minimum, data.Range().Maximum);
        Origin = origin;
        Step = step;
        Epoch = epoch;
        Indices = indices;
        Loss = loss;
        GradientNorm = gradientNorm;
    }

    /// <summary>The operation and layer, or the parameter whose gradient it was.</summary>
    public string Origin { get; }

    /// <summary>The failing step, counted from 0.</summary>
    public long Step { get; }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>Positions in the training set of the batch's data; none where it was found after an epoch.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>The loss of the failing step.</summary>
    public double Loss { get; }

    /// <summary>The smallest and the largest value of the training data; null where they are not known.</summary>
    public (double Minimum, double Maximum)? DataRange { get; }

    /// <summary>The gradient's norm.</summary>
    public double GradientNorm { get; }
}
