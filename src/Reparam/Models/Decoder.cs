using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The generative model: given latents, a distribution over data, p(x|z).</summary>
public abstract class Decoder : Module
{
    /// <summary>Makes the scalars of a likelihood this decoder's own: parameters those that are learned, buffers those
    /// that are tracked.</summary>
    protected Parameter[] OwnScalars(Likelihood likelihood, DType dtype) =>
        [.. likelihood.LearnedScalars.Select(s => Own(s.Name, Tensor.Scalar(s.Initial, dtype))),
            .. likelihood.TrackedScalars.Select(s => OwnBuffer(s.Name, Tensor.Scalar(s.Initial, dtype)))];

    /// <summary>
    /// The last layer and the likelihood, where the output can begin at the data; null where it cannot.
    /// </summary>
    internal virtual OutputHead? Head => null;

    /// <summary>p(x|z) for latents of shape [..., Z]; its batch shape is [...], its event one datum.</summary>
    public abstract Distribution Given(Tensor z);

    /// <summary>The same under a draw of the decoder's own weights where these are uncertain
    /// (<see cref="Bayesian.BayesianMlpDecoder"/>); of any other decoder <see cref="Given(Tensor)"/>.</summary>
    /// <param name="z">Latents, [..., B, Z].</param>
    /// <param name="rng">Source of the noise, which belongs to each datum.</param>
    public virtual Distribution Given(Tensor z, Rng rng) => Given(z);
}
