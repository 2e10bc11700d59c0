using Reparam.Tensors;

namespace Reparam.Networks.Denoising;

/// <summary>
/// The sizes and conventions of a <see cref="UNet"/>. The defaults are this library's; the conventions in which Ho,
/// Jain and Abbeel (2020) and the diffusers library differ are options, so that weights of either give the same values.
/// </summary>
public sealed record UNetOptions
{
    /// <summary>Channels of each level, the highest resolution first. Each further level halves the image.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [16, 32, 32];

    /// <summary>Residual blocks of each level on the way down; the way up has one more.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>The first level whose blocks end in attention, counted from 0, the highest resolution. The middle of
    /// the network always has attention. Null for attention in the middle alone.</summary>
    public int? AttentionFrom { get; init; }

    /// <summary>Channels of one head of attention; null for one head.</summary>
    public int? HeadChannels { get; init; }

    /// <summary>Groups of the group normalisation; null for groups of at least 4 channels, at most 8 groups. Ho, Jain
    /// and Abbeel use 32.</summary>
    public int? Groups { get; init; }

    /// <summary>The number under the root of the group normalisation: 1e-6 in Ho, Jain and Abbeel (2020), 1e-5 in
    /// diffusers.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether a halving pads the image at the right and at the bottom alone, as Ho, Jain and Abbeel do.
    /// Otherwise it pads all sides by one pixel.</summary>
    public bool PadsRightAndBottom { get; init; }

    /// <summary>Whether the cosines of the embedded level precede the sines, as in diffusers.</summary>
    public bool CosineFirst { get; init; }

    /// <summary>Whether the lowest frequency of the embedded level is 1/10000
    /// (<see cref="LevelEmbedding"/>).</summary>
    public bool EndsAtLongestWave { get; init; } = true;

    /// <summary>The group normalisation of a number of channels.</summary>
    internal GroupNorm Norm(int channels, DType dtype)
    {
        if (Groups is { } groups) return new GroupNorm(channels, groups, Epsilon, dtype);
        GroupNorm usual = ResidualBlock.Norm(channels, dtype);
        return new GroupNorm(channels, usual.Groups, Epsilon, dtype);
    }
}
