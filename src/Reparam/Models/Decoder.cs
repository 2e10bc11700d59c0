using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The generative model: given latents, a distribution over data, p(x|z).</summary>
public abstract class Decoder : Module
{
    /// <summary>Adds the numbers of a likelihood to this decoder: learned numbers as parameters, tracked scalars as
    /// buffers.</summary>
    protected Parameter[] OwnScalars(Likelihood likelihood, Shape eventShape, DType dtype) =>
        [.. likelihood.LearnedScalars.Select(s => Own(s.Name, Tensor.Scalar(s.Initial, dtype))),
            .. likelihood.LearnedElements.Select(s => Own(s.Name, Tensor.Full(eventShape, s.Initial, dtype))),
            .. likelihood.TrackedScalars.Select(s => OwnBuffer(s.Name, Tensor.Scalar(s.Initial, dtype)))];

    /// <summary>
    /// The last layer and the likelihood of a decoder whose initial output can be set from the data; null for other
    /// decoders.
    /// </summary>
    internal virtual OutputHead? Head => null;

    /// <summary>p(x|z) for latents of shape [..., Z]. The batch shape is [...], and the event is one datum.</summary>
    public abstract Distribution Given(Tensor z);

    /// <summary>p(x|z) under a draw of the decoder's weights where the weights have a posterior
    /// (<see cref="Bayesian.BayesianMlpDecoder"/>). For every other decoder the result is that of
    /// <see cref="Given(Tensor)"/>.</summary>
    /// <param name="z">Latents, [..., B, Z].</param>
    /// <param name="rng">Source of the noise, one noise for each datum.</param>
    public virtual Distribution Given(Tensor z, Rng rng) => Given(z);
}
