using System.Globalization;
using Reparam.Data;

namespace Reparam.Training;

/// <summary>
/// A loss or gradient became NaN or infinite, or a distribution's parameter left its domain. The parameters are those
/// before the failing step, or after the last step if the failure was found at the end of an epoch. The message names
/// the operation, layer or parameter at which the failure occurred.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    private const string LowerRate = "Try a lower learning rate or gradient clipping";
    private const int MostNamed = 8;

    internal TrainingDivergedException(
        string origin, long step, int epoch, int[] indices, double loss, double gradientNorm, Dataset? data = null)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"Training diverged at step {step} (epoch {epoch}), first seen in {origin}; loss {loss}, gradient norm " +
            $"{gradientNorm}.{Batch(indices)} {DataScale.Problem(data) ?? LowerRate}; checkpoints that were saved " +
            $"before are intact."))
    {
        if (data is not null) DataRange = (data.Range().Minimum, data.Range().Maximum);
        Origin = origin;
        Step = step;
        Epoch = epoch;
        Indices = indices;
        Loss = loss;
        GradientNorm = gradientNorm;
    }

    /// <summary>The last update left parameters that are not finite; no step or bound has noticed them yet.</summary>
    internal TrainingDivergedException(TrainingState state, Dataset data, Exception? failure = null)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"Training diverged at step {state.Step} (epoch {state.Epoch + 1}): the update left NaN or infinity in " +
            $"{Names(state)}. {DataScale.Problem(data) ?? LowerRate}; what was saved before is intact."), failure)
    {
        DataRange = (data.Range().Minimum, data.Range().Maximum);
        Origin = $"the update of {Names(state)}";
        Step = state.Step;
        Epoch = state.Epoch + 1;
        Indices = [];
        Loss = GradientNorm = double.NaN;
    }

    /// <summary>The operation and layer that failed, or the parameter whose gradient is not finite.</summary>
    public string Origin { get; }

    /// <summary>The failing step, counted from 0.</summary>
    public long Step { get; }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>Positions of the batch's data in the training set; empty if the failure was found after an
    /// epoch.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>The loss of the failing step; NaN too where an update was found afterwards.</summary>
    public double Loss { get; }

    /// <summary>The smallest and the largest value of the training data; null if they are not known.</summary>
    public (double Minimum, double Maximum)? DataRange { get; }

    /// <summary>The gradient's norm.</summary>
    public double GradientNorm { get; }

    private static string Names(TrainingState state) => string.Join(", ", state.NotFinite.Select(p => p.Name));

    private static string Batch(int[] indices)
    {
        if (indices.Length == 0) return "";
        string more = indices.Length > MostNamed ? ", ..." : "";
        return $" The batch held data {string.Join(", ", indices.Take(MostNamed))}{more}.";
    }
}
