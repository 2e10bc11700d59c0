using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>Group normalisation of [B, C, ...] (Wu and He 2018; see <see cref="Tensor.GroupNorm"/>). Parameters
/// <c>weight</c> [C] of ones and <c>bias</c> [C] of zeros.</summary>
public sealed class GroupNorm : Layer
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly int _groups;
    private readonly double _epsilon;

    /// <summary>A layer over <paramref name="channels"/> channels in <paramref name="groups"/> groups of equal
    /// size.</summary>
    /// <exception cref="ArgumentException">The channels do not divide into the groups.</exception>
    public GroupNorm(int channels, int groups, double epsilon = 1e-5, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (channels % groups != 0)
            throw new ArgumentException($"{channels} channels do not divide into {groups} groups.", nameof(groups));
        _groups = groups;
        _epsilon = epsilon;
        _weight = Own("weight", Tensor.Ones([channels], dtype));
        _bias = Own("bias", Tensor.Zeros([channels], dtype));
    }

    /// <summary>The number of groups.</summary>
    internal int Groups => _groups;

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Tensor.GroupNorm(x, _groups, _weight, _bias, _epsilon);
}
