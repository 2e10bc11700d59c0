using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>q(z|x) with an <see cref="EncoderInput"/> before another encoder.</summary>
public sealed class InputEncoder : NetworkEncoder
{
    private readonly EncoderInput _input;
    private readonly NetworkEncoder _inner;

    /// <summary>The encoder <paramref name="inner"/> of the inputs that <paramref name="input"/> makes.</summary>
    public InputEncoder(EncoderInput input, NetworkEncoder inner)
        : base(Checked(inner).Latent, inner.Family)
    {
        _input = Child("input", input);
        _inner = Child("inner", inner);
    }

    /// <inheritdoc/>
    public override int Width => _inner.Width;

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor x) => _inner.Hidden(_input.Forward(x));

    /// <inheritdoc/>
    protected internal override Tensor Hide(Tensor x, double share, Rng rng) => _input.Hide(x, share, rng);

    internal override Distribution GivenHidden(Tensor hidden) => _inner.GivenHidden(hidden);

    private static NetworkEncoder Checked(NetworkEncoder inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return inner;
    }
}
