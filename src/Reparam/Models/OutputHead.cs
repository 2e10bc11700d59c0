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
    /// Sets the initial output to the means and scales of the data if the likelihood starts there. Otherwise it
    /// changes nothing.
    /// </summary>
    public void StartAt(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        if (!Likelihood.StartsAtData) return;
        double[] start = new double[Bias.Shape.Size];
        Likelihood.Start(mean, deviation, start, Scalars);
        Bias.Assign(Tensor.From(start, Bias.Shape).To(Bias.Value.DType));
    }
}
