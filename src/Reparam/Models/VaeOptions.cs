using Reparam.Models.Bayesian;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>What <see cref="Vae.Mlp"/>, <see cref="Vae.Conv"/> and <see cref="Vae.Residual"/> build by default, and can
/// build otherwise.</summary>
public sealed record VaeOptions
{
    /// <summary>How weights are drawn.</summary>
    public Initializer Initializer { get; init; } = Initializer.PyTorch;

    /// <summary>Element type.</summary>
    public DType DType { get; init; } = DType.Float32;

    /// <summary>The family of q(z|x); independent normals by default.</summary>
    public PosteriorFamily Posterior { get; init; } = PosteriorFamily.Normal;

    /// <summary>A flow that transforms a normal posterior (<see cref="FlowEncoder"/>); none by default.</summary>
    public Flow? Flow { get; init; }

    /// <summary>Makes p(z) from the encoder before the flow, which a <see cref="VampPrior"/> needs. The default is the
    /// prior of the posterior's family, which has no learned parameters.</summary>
    public Func<NetworkEncoder, Prior>? Prior { get; init; }

    /// <summary>Widths of the decoder's hidden linear layers; by default the encoder's widths in reverse
    /// order.</summary>
    public IReadOnlyList<int>? DecoderHidden { get; init; }

    /// <summary>C, the length of the context that the model is conditioned on; 0 for no context.</summary>
    public int Context { get; init; }

    /// <summary>The probability that an element is hidden from the encoder in training
    /// (<see cref="Vae.InputNoise"/>).</summary>
    public double InputNoise { get; init; }

    /// <summary>
    /// Whether hidden layers have batch normalisation (<see cref="BatchNorm1d"/>), of <see cref="Vae.Mlp"/> alone.
    /// Layers with uncertain weights have none. With batch normalisation, call <see cref="Module.SetMode"/> before the
    /// model is used; a trainer does this.
    /// </summary>
    public bool BatchNorm { get; init; }

    /// <summary>Whether the decoder's weights have a posterior (<see cref="BayesianMlpDecoder"/>), of
    /// <see cref="Vae.Mlp"/> alone. The objective gets its KL in <see cref="InferencePass.WeightsKL"/>.</summary>
    public bool UncertainWeights { get; init; }

    /// <summary>The model of an encoder and of the decoder for vectors of the length of a code and its
    /// context.</summary>
    internal Vae Assemble(NetworkEncoder encoder, Func<int, Decoder> decoder, bool contextAsPlanes)
    {
        Decoder made = decoder(Posterior.EventShape(encoder.Latent).Size + Context);
        Prior prior = Prior?.Invoke(encoder) ?? Posterior.Prior(encoder.Latent, DType);
        return new Vae(
            Flow is null ? encoder : new FlowEncoder(encoder, Flow), made, prior, Context, contextAsPlanes)
        {
            InputNoise = InputNoise,
        };
    }

    /// <summary>Refuses options that convolutional networks do not have.</summary>
    internal void RequireImageOptions()
    {
        if (BatchNorm || UncertainWeights)
        {
            throw new ArgumentException($"{nameof(BatchNorm)} and {nameof(UncertainWeights)} are options of Vae.Mlp; " +
                "convolutional networks have neither.", "options");
        }
    }
}
