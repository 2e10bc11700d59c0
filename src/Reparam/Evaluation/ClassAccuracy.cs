using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>How often the most probable class of q(y|x) is the label of the data point.</summary>
public static class ClassAccuracy
{
    private const int RowsAtOnce = 250;

    /// <summary>The fraction of data whose most probable class is their label, with its standard error. Data without a
    /// label are not counted.</summary>
    /// <exception cref="ArgumentException">The data have no labels.</exception>
    public static Estimate Evaluate(SemiSupervisedVae model, Dataset data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        model.RequireNotTraining();
        ReadOnlyMemory<int> labels = data.Labels
            ?? throw new ArgumentException($"Data set '{data.Name}' has no labels.", nameof(data));
        var rng = new Rng(0); // unused: the set is binarised already
        var reader = new BatchReader(data, Binarization.None, rng, model.DType);
        List<int> predicted = [], known = [];
        for (int start = 0; start < data.Count; start += RowsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope();
            Tensor likeliest = model.Classify(reader.Read(start, Math.Min(RowsAtOnce, data.Count - start), rng))
                .ArgMax(^1);
            for (int i = 0; i < likeliest.Size; i++)
            {
                int label = labels.Span[start + i];
                if (label < 0) continue;
                predicted.Add((int)likeliest.At(i));
                known.Add(label);
            }
        }

        return known.Count > 0 ? Classes.Accuracy([.. predicted], [.. known])
            : throw new ArgumentException($"Data set '{data.Name}' has no labels.", nameof(data));
    }
}
