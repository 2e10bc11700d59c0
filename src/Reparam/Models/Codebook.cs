using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A codebook: K vectors e_k of length D. Each replaces the encoder's vectors that are nearest to it. The vectors e_k
/// are buffers, which no optimiser changes. In training they follow running means (van den Oord, Vinyals and
/// Kavukcuoglu 2017, appendix A.1): N_k = decay N_k + (1 - decay) n_k, where n_k is the number of vectors of the batch
/// that are nearest to e_k; m_k in the same way with the sum of these vectors; e_k = m_k / N_k. They start as vectors
/// of the first batch. A code that few vectors have been nearest to for many batches is set to a vector of the current
/// batch (Dhariwal et al. 2020), so that no code stays unused.
/// </summary>
public sealed class Codebook : Module
{
    /// <summary>A code whose running count N_k is below this limit is set to a vector of the batch. If a batch has
    /// fewer vectors N than there are codes K, the limit is this number times N / K.</summary>
    public const double LeastCount = 0.1;

    private readonly double _decay;
    private readonly Parameter _vectors, _counts, _sums;

    /// <summary>A codebook of <paramref name="codes"/> vectors of length <paramref name="size"/>.</summary>
    /// <param name="codes">K.</param>
    /// <param name="size">D.</param>
    /// <param name="rng">Source of the initial vectors, which the first training batch replaces.</param>
    /// <param name="decay">The weight of the past in the running means, in [0, 1).</param>
    /// <param name="dtype">Element type.</param>
    public Codebook(int codes, int size, Rng rng, double decay = 0.99, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(codes, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentNullException.ThrowIfNull(rng);
        if (!(decay >= 0 && decay < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay lies in [0, 1).");
        _decay = decay;
        _vectors = OwnBuffer("vectors", rng.Normal([codes, size], dtype));
        _counts = OwnBuffer("counts", Tensor.Zeros([codes], dtype));
        _sums = OwnBuffer("sums", Tensor.Zeros([codes, size], dtype));
    }

    /// <summary>True: a vector is the quotient of two running means, and an unused vector moves to a vector of the
    /// batch.</summary>
    public override bool NeedsWholeBatches => true;

    /// <summary>K, the number of vectors.</summary>
    public int Count => _vectors.Shape[0];

    /// <summary>The vectors, [K, D].</summary>
    public Tensor Vectors => _vectors.Value;

    /// <summary>The index of the nearest codebook vector for each vector of <paramref name="z"/> [N, D], as one-hot
    /// rows [N, K], without a gradient.</summary>
    public Tensor Nearest(Tensor z)
    {
        ArgumentNullException.ThrowIfNull(z);
        Tensor fixedZ = z.Detach(), e = _vectors.Value;
        // -|z - e|^2 / 2 without the term |z|^2, which is the same for all codes.
        Tensor closeness = Tensor.MatMul(fixedZ, e, transposeB: true) - e.Square().Sum(^1) * 0.5;
        return closeness.ArgMax(^1).OneHot(Count);
    }

    /// <summary>The codebook vectors [..., D] of one-hot rows [..., K].</summary>
    public Tensor Look(Tensor codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return Tensor.MatMul(codes.Reshape([codes.Size / Count, Count]), _vectors.Value).Reshape(
            codes.Shape[..^1] + _vectors.Shape[1..]);
    }

    /// <summary>Sets the codebook to vectors of the first training batch [N, D]; later calls do nothing.</summary>
    internal void Start(Tensor z, Rng rng)
    {
        if (_counts.Value.Sum().Item() > 0) return;
        using var scope = new TensorScope();
        Tensor picked = Picked(z, rng.Split("start"));
        Set(picked, Tensor.Ones([Count], z.DType), picked);
    }

    /// <summary>Updates the running means with a batch of vectors [N, D] whose nearest codes are
    /// <paramref name="nearest"/> [N, K].</summary>
    internal void Follow(Tensor z, Tensor nearest, Rng rng)
    {
        using var scope = new TensorScope();
        Tensor fixedZ = z.Detach();
        Tensor counts = _counts.Value * _decay + nearest.Sum(0) * (1 - _decay);
        Tensor sums = _sums.Value * _decay + Tensor.MatMul(nearest, fixedZ, transposeA: true) * (1 - _decay);
        // 1 for a code that is set to a vector of the batch. Its running count becomes 1.
        Tensor unused = Tensor.Less(
            counts, Tensor.Scalar(LeastCount * Math.Min(1, z.Shape[0] / (double)Count), counts.DType));
        if (unused.Sum().Item() > 0)
        {
            Tensor picked = Picked(fixedZ, rng.Split("move"));
            Tensor moved = unused.Reshape([Count, 1]);
            sums = sums * (1 - moved) + picked * moved;
            counts = counts * (1 - unused) + unused;
        }

        Set(sums / counts.Reshape([Count, 1]), counts, sums);
    }

    private void Set(Tensor vectors, Tensor counts, Tensor sums)
    {
        _vectors.Assign(vectors);
        _counts.Assign(counts);
        _sums.Assign(sums);
    }

    /// <summary>A vector of the batch for each code, in random order. Vectors repeat if there are more codes than
    /// vectors.</summary>
    private Tensor Picked(Tensor z, Rng rng)
    {
        if (!z.HasElements) return Tensor.Zeros(_vectors.Shape, z.DType);
        int[] order = rng.Permutation(z.Shape[0]);
        return Rows(z, [.. Enumerable.Range(0, Count).Select(k => order[k % order.Length])]);
    }

    private static Tensor Rows(Tensor z, int[] indices)
    {
        int size = z.Shape[1];
        return z.DType == DType.Float32
            ? Tensor.From(Of(z.AsSpan<float>()), [indices.Length, size])
            : Tensor.From(Of(z.AsSpan<double>()), [indices.Length, size]);

        T[] Of<T>(ReadOnlySpan<T> values)
        {
            var rows = new T[indices.Length * size];
            for (int k = 0; k < indices.Length; k++)
                values.Slice(indices[k] * size, size).CopyTo(rows.AsSpan(k * size));
            return rows;
        }
    }
}
