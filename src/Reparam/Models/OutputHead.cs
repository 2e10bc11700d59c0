using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>What a decoder's last layer and its likelihood have in common: where their output begins.</summary>
/// <param name="Likelihood">What the output means.</param>
/// <param name="Bias">The last layer's offsets: one for each element of a datum, or each channel of an image, and for
/// each thing that the likelihood asks for.</param>
/// <param name="Scalars">The likelihood's own numbers, those that are learned first.</param>
internal sealed record OutputHead(Likelihood Likelihood, Parameter Bias, IReadOnlyList<Parameter> Scalars)
{
    /// <summary>
    /// Begins at the data's own means and scales where the likelihood learns a scale, and else leaves all as it was
    /// drawn.
    /// </summary>
    public void StartAt(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        if (!Likelihood.LearnsScale) return;
        // A scale that all elements share is that of all about one mean: at the mean and the scale of each element the
        // decoder would begin where latents have nothing left to explain, and units would be given up there.
        bool shared = Likelihood.OutputsPerElement == 1;
        int groups = Bias.Shape.Size / Likelihood.OutputsPerElement, each = mean.Count / groups;
        if (mean.Count != deviation.Count || each * groups != mean.Count)
        {
            throw new ArgumentException($"{mean.Count} means and {deviation.Count} standard deviations were given " +
                $"for a decoder of {groups} outputs; give one of each for each element of a datum.", nameof(mean));
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

        // The mean and the standard deviation of some elements together: the variance of each, and that of their means.
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
