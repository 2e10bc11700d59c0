using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// The blocks in which streamed rows are read, and an order of the rows in which one block after another is read once.
/// The sizes depend only on the number of elements of a row, so that each machine, each number of threads, and a run in
/// memory have the same order.
/// </summary>
internal static class RowBlocks
{
    /// <summary>The number of elements of a block: 1 MB of floats, which a disk reads at nearly its full
    /// rate.</summary>
    internal const int BlockElements = 1 << 18;

    /// <summary>The number of elements of a window: 64 MB of floats.</summary>
    internal const int WindowElements = 1 << 24;

    /// <summary>The number of rows of a block.</summary>
    /// <param name="size">The number of elements of a row.</param>
    internal static int Rows(int size) => Math.Max(1, BlockElements / size);

    /// <summary>The number of blocks of a window. They fit into memory together.</summary>
    /// <param name="size">The number of elements of a row.</param>
    internal static int Window(int size) => (int)Math.Max(1, WindowElements / ((long)Rows(size) * size));

    /// <summary>
    /// A random order of the rows 0 to <paramref name="count"/> - 1 that is read with one window of blocks in memory.
    /// The blocks are in random order, and the rows of each window of consecutive blocks of that order are in random
    /// order (both Fisher and Yates). Data that fit into one window are in uniformly random order.
    /// </summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="size">The number of elements of a row.</param>
    /// <param name="rng">The random stream of the epoch. The order is a pure function of it.</param>
    internal static int[] Order(int count, int size, Rng rng)
    {
        int rows = Rows(size), window = Window(size), blocks = (int)(((long)count + rows - 1) / rows);
        int[] order = new int[count], sequence = rng.Permutation(blocks);
        int done = 0;
        for (int at = 0; at < blocks; at += window)
        {
            int start = done;
            foreach (int block in sequence.AsSpan(at, Math.Min(window, blocks - at)))
            {
                int first = block * rows, end = (int)Math.Min((long)first + rows, count);
                for (int row = first; row < end; row++) order[done++] = row;
            }

            Span<int> mixed = order.AsSpan(start, done - start);
            for (int i = mixed.Length - 1; i > 0; i--)
            {
                int j = rng.NextInt32(i + 1);
                (mixed[i], mixed[j]) = (mixed[j], mixed[i]);
            }
        }

        return order;
    }
}
