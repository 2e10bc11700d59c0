using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Tests.Evaluation;

/// <summary>Counts the latent vectors that it is asked to decode.</summary>
internal sealed class CountingDecoder : Decoder
{
    private readonly Decoder _inner;

    public CountingDecoder(Decoder inner) => _inner = Child("inner", inner);

    public long Decoded { get; private set; }

    /// <summary>Told the count after each call.</summary>
    public Action<long>? Counted { get; init; }

    public override Distribution Given(Tensor z)
    {
        Decoded += z.Shape[..^1].Size;
        Counted?.Invoke(Decoded);
        return _inner.Given(z);
    }
}
