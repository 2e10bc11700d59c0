using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>
/// A stream of random numbers, always passed explicitly as <c>rng</c>. The generator is counter-based (Philox4x32-10):
/// every number is a pure function of the seed, the draw (the number of earlier draws from this stream), the step, the
/// sample index and the position of the element within the sample. The numbers do not depend on the number of threads,
/// on how the data are split into batches, or on the step at which training resumes.
/// </summary>
/// <remarks>
/// Successive draws from one stream differ. <see cref="At"/> gives the stream of a training step, with no draws made;
/// <see cref="Split(uint)"/> gives an independent stream. Not safe for concurrent use.
/// </remarks>
public sealed partial class Rng
{
    private readonly ulong _key;
    private readonly uint _step;
    private readonly uint _firstSample;

    /// <summary>The global index of the sample that the first row of a draw belongs to.</summary>
    public long FirstSample => _firstSample;

    /// <summary>The number of draws made so far.</summary>
    internal uint Draw { get; set; }

    /// <summary>The stream for a seed.</summary>
    public Rng(ulong seed)
        : this(seed, 0, 0)
    {
    }

    private Rng(ulong key, uint step, uint firstSample)
    {
        _key = key;
        _step = step;
        _firstSample = firstSample;
    }

    /// <summary>The stream for one step, with no draws made. Its first row is the global sample
    /// <paramref name="firstSample"/>. Does not change this stream.</summary>
    public Rng At(long step, long firstSample = 0) => new(_key, checked((uint)step), checked((uint)firstSample));

    /// <summary>An independent stream identified by a number, with the same first sample. The noise of a data point is
    /// therefore the same in every batch that contains it. Does not change this stream.</summary>
    public Rng Split(uint stream)
    {
        // Drawing never reaches the draw word with all bits set, so derived keys differ from the numbers of this
        // stream.
        (uint low, uint high, _, _) = Random.Philox.Block(
            stream, 0, _step, uint.MaxValue, (uint)_key, (uint)(_key >> 32));
        return new Rng(low | ((ulong)high << 32), 0, _firstSample);
    }

    /// <summary>An independent stream identified by a word, such as <c>rng.Split("weights")</c>.</summary>
    public Rng Split(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        uint hash = 2166136261; // FNV-1a over UTF-16 code units: stable across platforms and versions
        foreach (char c in stream) hash = (hash ^ c) * 16777619;
        return Split(hash);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        NoiseStream stream = NextStream();
        (uint low, uint high, _, _) = Random.Philox.Block(
            0, stream.FirstSample, stream.Step, stream.Draw, (uint)stream.Key, (uint)(stream.Key >> 32));
        return low | ((ulong)high << 32);
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform integer in [0, <paramref name="exclusiveMaximum"/>), without bias.</summary>
    public int NextInt32(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        ulong range = (ulong)exclusiveMaximum;
        ulong limit = ulong.MaxValue - ulong.MaxValue % range;
        ulong bits;
        do bits = NextUInt64(); while (bits >= limit);
        return (int)(bits % range);
    }

    /// <summary>The coordinates of the next draw.</summary>
    internal NoiseStream NextStream()
    {
        if (Draw == uint.MaxValue)
            throw new InvalidOperationException("This random stream has no draws left. Use Split or At for a new one.");
        ShapeScope.Note(this);
        return new NoiseStream(_key, Draw++, _step, _firstSample);
    }
}
