using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Reparam.Processes;

/// <summary>
/// The processes that work on one job together, such as those that <c>mpirun</c> starts. They are numbered from 0, and
/// all of them make the same calls in the same order. A derived class only exchanges bytes between two processes; sums
/// and gathering are built on this, so their results do not depend on the library that carries the bytes.
/// </summary>
public abstract class Ranks
{
    /// <summary>Ranks of a job of <paramref name="count"/> processes.</summary>
    /// <exception cref="NotSupportedException"><paramref name="count"/> is not a power of two.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rank"/> is not below
    /// <paramref name="count"/>.</exception>
    protected Ranks(int rank, int count)
    {
        if (count < 1 || !BitOperations.IsPow2(count))
        {
            throw new NotSupportedException($"The job has {count} processes. Sums are made in a fixed binary tree, " +
                "so start a power of two: 1, 2, 4, 8, ...");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, count);
        (Rank, Count) = (rank, count);
    }

    /// <summary>A job of one process, which exchanges nothing.</summary>
    public static Ranks One { get; } = new Alone();

    /// <summary>The number of this process, from 0.</summary>
    public int Rank { get; }

    /// <summary>The number of processes, a power of two.</summary>
    public int Count { get; }

    /// <summary>Whether this process writes the files and speaks to the user.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>
    /// Replaces each element by its sum over all processes. The sum is the binary tree over the ranks: neighbours (0
    /// and 1, 2 and 3, ...) are added first, then pairs of neighbours, and so on. All processes get the same bits.
    /// </summary>
    /// <param name="values">As many elements in every process.</param>
    public void Sum<T>(Span<T> values) where T : unmanaged, INumber<T>
    {
        // At each level of the tree a process gives away one half of the elements that it is responsible for and adds
        // the partner's part to the other half. The way back collects the finished sums. An element is added in the
        // order of the tree, whoever adds it.
        var ranges = new Stack<(int Start, int Length)>();
        (int start, int length) = (0, values.Length);
        T[] received = Count == 1 ? [] : new T[(length + 1) / 2];
        for (int distance = 1; distance < Count; distance *= 2)
        {
            ranges.Push((start, length));
            (int keptStart, int keptLength, int givenStart, int givenLength) = Halves(start, length, distance);
            Span<T> kept = values.Slice(keptStart, keptLength), theirs = received.AsSpan(0, keptLength);
            Exchange(Rank ^ distance, MemoryMarshal.AsBytes(values.Slice(givenStart, givenLength)),
                MemoryMarshal.AsBytes(theirs));
            TreeSum.Add(kept, theirs);
            (start, length) = (keptStart, keptLength);
        }

        for (int distance = Count / 2; distance >= 1; distance /= 2)
        {
            (start, length) = ranges.Pop();
            (int keptStart, int keptLength, int givenStart, int givenLength) = Halves(start, length, distance);
            Exchange(Rank ^ distance, MemoryMarshal.AsBytes(values.Slice(keptStart, keptLength)),
                MemoryMarshal.AsBytes(values.Slice(givenStart, givenLength)));
        }
    }

    /// <summary>The bytes that each process gives, by rank.</summary>
    public byte[][] Gather(ReadOnlySpan<byte> mine)
    {
        byte[][] all = [.. Enumerable.Repeat<byte[]>([], Count)];
        all[Rank] = mine.ToArray();
        for (int distance = 1; distance < Count; distance *= 2)
        {
            int first = Rank / distance * distance, partner = Rank ^ distance, other = partner / distance * distance;
            long[] lengths = [.. all[first..(first + distance)].Select(part => (long)part.Length)];
            long[] theirs = new long[distance];
            Exchange(partner, MemoryMarshal.AsBytes<long>(lengths), MemoryMarshal.AsBytes(theirs.AsSpan()));
            byte[] received = new byte[theirs.Sum()];
            Exchange(partner, (byte[])[.. all[first..(first + distance)].SelectMany(part => part)], received);
            for (int i = 0, start = 0; i < distance; start += (int)theirs[i++])
                all[other + i] = received[start..(start + (int)theirs[i])];
        }

        return all;
    }

    /// <summary>The texts that each process gives, by rank.</summary>
    public string[] Gather(string mine) => [.. Gather(Encoding.UTF8.GetBytes(mine)).Select(Encoding.UTF8.GetString)];

    /// <summary>Sends bytes to another process and receives bytes from it. The partner makes the mirrored
    /// call.</summary>
    /// <param name="partner">The rank of the other process.</param>
    /// <param name="send">What the partner receives.</param>
    /// <param name="receive">Filled with what the partner sends, which has this length.</param>
    protected abstract void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive);

    /// <summary>The half of a range that this process adds up, and the half that its partner does.</summary>
    private (int KeptStart, int KeptLength, int GivenStart, int GivenLength) Halves(int start, int length, int distance)
    {
        int half = length / 2;
        return (Rank & distance) == 0 ? (start, half, start + half, length - half)
            : (start + half, length - half, start, half);
    }

    private sealed class Alone() : Ranks(0, 1)
    {
        protected override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive) =>
            throw new ArgumentOutOfRangeException(nameof(partner), partner, "The job has one process.");
    }
}
