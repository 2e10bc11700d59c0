using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>What a decoder's last layer and its likelihood have in common: where their output begins.</summary>
/// <param name="Likelihood">What the output means.</param>
/// <param name="Bias">The last layer's offsets: one for each element of a datum, or each channel of an image, and for each thing that the likelihood asks for.</param>
/// <param name="Scalars">The likelihood's own numbers, those that are learned first.</param>
internal sealed record OutputHead(Likelihood Likelihood, Parameter Bias, IReadOnlyList<Parameter> Scalars)
{
    /// <summary>Begins at the data's own means and scale where the likelihood learns a scale, and else leaves all as it was drawn.</summary>
    public void StartAt(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        if (!Likelihood.LearnsScale) return;
        int groups = Bias.Shape.Size / Likelihood.OutputsPerElement, each = mean.Count / groups;
        if (mean.Count != deviation.Count || each * groups != mean.Count)
            throw new ArgumentException($"{mean.Count} means and {deviation.Count} standard deviations were given for a decoder of {groups} outputs; give one of each for each element of a datum.", nameof(mean));
        var start = new double[Bias.Shape.Size];
        double total = 0;
        for (int g = 0; g < groups; g++)
        {
            double centre = 0, square = 0;
            for (int j = g * each; j < (g + 1) * each; j++) centre += mean[j] / each;
            // Of a channel: the variance of each pixel, and that of the pixels' means.
            for (int j = g * each; j < (g + 1) * each; j++) square += (deviation[j] * deviation[j] + (mean[j] - centre) * (mean[j] - centre)) / each;
            start[g] = Likelihood.RawMean(centre);
            if (Likelihood.OutputsPerElement == 2) start[groups + g] = Likelihood.RawScale(Math.Sqrt(square));
            total += square / groups;
        }

        Bias.Assign(Tensor.From(start, Bias.Shape).To(Bias.Value.DType));
        if (Likelihood.LearnedScalars.Count == 1) Scalars[0].Assign(Tensor.Scalar(Likelihood.RawScale(Math.Sqrt(total)), Scalars[0].Value.DType));
    }
}
