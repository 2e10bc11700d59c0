using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>How much of a codebook a data set uses.</summary>
/// <param name="Codes">K, the number of vectors in the codebook.</param>
/// <param name="Used">Number of vectors that were chosen at least once.</param>
/// <param name="Perplexity">exp of the entropy of the choices over all positions of all data. If n codes are used
/// equally often and the others never, it is n.</param>
public sealed record CodebookUsage(int Codes, int Used, double Perplexity)
{
    private const int RowsAtOnce = 250;

    /// <summary>Computes the usage over all data.</summary>
    public static CodebookUsage Evaluate(VqVae model, Dataset data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        model.RequireNotTraining();
        var rng = new Rng(0); // unused: the set is binarised already
        var reader = new BatchReader(data, Binarization.None, rng, model.DType);
        int codes = model.Codebook.Count;
        double[] counts = new double[codes];
        for (int start = 0; start < data.Count; start += RowsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope();
            Tensor chosen = model.Encode(reader.Read(start, Math.Min(RowsAtOnce, data.Count - start), rng));
            Tensor sums = chosen.Reshape([chosen.Size / codes, codes]).Sum(0);
            for (int k = 0; k < codes; k++) counts[k] += sums.At(k);
        }

        double total = counts.Sum();
        double entropy = -counts.Where(c => c > 0).Sum(c => c / total * PortableMath.Log(c / total));
        return new CodebookUsage(codes, counts.Count(c => c > 0), PortableMath.Exp(entropy));
    }
}
