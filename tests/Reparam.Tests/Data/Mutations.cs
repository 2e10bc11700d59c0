using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Tests.Data;

/// <summary>Deterministic damage to valid files: flipped bits, cuts, extreme words, doubled and removed runs.</summary>
internal static class Mutations
{
    private static readonly byte[][] Extremes =
        [[0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0x80, 0, 0, 0], [0, 0, 0, 0x80],
            [0, 0, 0, 0], [0xFF], [0]];

    /// <summary>REPARAM_FUZZ_FACTOR=100 makes every fuzz test a hundred times longer, for nights.</summary>
    internal static int Factor =>
        int.TryParse(Environment.GetEnvironmentVariable("REPARAM_FUZZ_FACTOR"), NumberStyles.None,
            CultureInfo.InvariantCulture, out int factor) ? factor : 1;

    internal static IEnumerable<byte[]> Of(byte[] valid, int count, uint seed) =>
        Enumerable.Range(0, count).Select(i => At(valid, i, seed));

    /// <summary>One mutant, a function of the seed and the index.</summary>
    internal static byte[] At(byte[] valid, int index, uint seed)
    {
        Rng rng = new Rng(seed).At(0, index);
        byte[] mutant = [.. valid];
        int edits = 1 + rng.NextInt32(3);
        for (int e = 0; e < edits && mutant.Length > 0; e++) mutant = Edit(mutant, rng);
        return mutant;
    }

    /// <summary>Runs a reader over mutants: it may accept one, or throw its own exception, and nothing else, within
    /// bounds.</summary>
    /// <param name="valid">The valid file.</param>
    /// <param name="count">The number of mutants, which REPARAM_FUZZ_FACTOR multiplies.</param>
    /// <param name="read">The reader.</param>
    /// <param name="perByte">The bytes that the reader may allocate for each byte of a mutant, after a
    /// megabyte.</param>
    internal static void Survive<TException>(byte[] valid, int count, Action<byte[]> read, long perByte = 64)
        where TException : Exception
    {
        int at = 0;
        foreach (byte[] mutant in Of(valid, checked(count * Factor), seed: 11))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(mutant);
            }
            catch (TException)
            {
                // what a reader may say
            }
            catch (Exception other)
            {
                Assert.Fail($"Mutant {at} ({Convert.ToHexString(mutant.AsSpan(0, Math.Min(200, mutant.Length)))}...) " +
                    $"gave {other}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < perByte * mutant.Length + (1 << 20),
                $"Mutant {at} of {mutant.Length} bytes made the reader allocate {allocated}.");
            at++;
        }
    }

    private static byte[] Edit(byte[] bytes, Rng rng)
    {
        // Headers decide everything, so half of the edits fall into the first 160 bytes.
        int at = rng.NextInt32(2) == 0 ? rng.NextInt32(Math.Min(160, bytes.Length)) : rng.NextInt32(bytes.Length);
        switch (rng.NextInt32(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << rng.NextInt32(8));
                return bytes;
            case 1:
                bytes[at] = (byte)rng.NextInt32(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                byte[] word = Extremes[rng.NextInt32(Extremes.Length)];
                word.AsSpan(0, Math.Min(word.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 4:
                return [.. bytes[..at], .. bytes[Math.Max(0, at - rng.NextInt32(40))..]];
            default:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + rng.NextInt32(40))..]];
        }
    }
}
