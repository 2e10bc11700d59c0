using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The parts of a decoder that set its initial output: the last layer's biases and the likelihood.</summary>
/// <param name="Likelihood">What the output means.</param>
/// <param name="Bias">The last layer's biases: one for each element of a datum (or each channel of an image) and each
/// parameter of the likelihood.</param>
/// <param name="Scalars">The likelihood's scalars, the learned scalars first.</param>
internal sealed record OutputHead(Likelihood Likelihood, Parameter Bias, IReadOnlyList<Parameter> Scalars)
{
    /// <summary>
    /// Sets the initial output to the means and scales of the data if the likelihood learns a scale. Otherwise it
    /// changes nothing.
    /// </summary>
    public void StartAt(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        if (!Likelihood.LearnsScale) return;
        // A shared scale is the deviation of all elements from one common mean. If the decoder started at the mean of
        // each element, the latents would have little left to explain at the start, and latent units would collapse.
        bool shared = Likelihood.OutputsPerElement == 1;
        int groups = Bias.Shape.Size / Likelihood.OutputsPerElement, each = mean.Count / groups;
        if (mean.Count != deviation.Count || each * groups != mean.Count)
        {
            throw new ArgumentException($"Got {mean.Count} means and {deviation.Count} standard deviations for a " +
                $"decoder of {groups} outputs. Give one mean and one standard deviation for each element of a " +
                $"datum.", nameof(mean));
        }

        var start = new double[Bias.Shape.Size];
        if (shared)
        {
            (double centre, double scale) = Over(0, mean.Count);
            Array.Fill(start, Likelihood.RawMean(centre));
            Scalars[0].Assign(Tensor.Scalar(Likelihood.RawScale(scale), Scalars[0].Value.DType));
        }

        for (int g = 0; g < groups && !shared; g++)
        {
            (double centre, double scale) = Over(g * each, (g + 1) * each);
            (start[g], start[groups + g]) = (Likelihood.RawMean(centre), Likelihood.RawScale(scale));
        }

        Bias.Assign(Tensor.From(start, Bias.Shape).To(Bias.Value.DType));

        // The mean and the standard deviation of a range of elements pooled. The pooled variance is the mean of the
        // elements' variances plus the variance of their means.
        (double Mean, double Deviation) Over(int from, int to)
        {
            double centre = 0, square = 0;
            for (int j = from; j < to; j++) centre += mean[j] / (to - from);
            for (int j = from; j < to; j++)
                square += (deviation[j] * deviation[j] + (mean[j] - centre) * (mean[j] - centre)) / (to - from);
            return (centre, Math.Sqrt(square));
        }
    }
}
