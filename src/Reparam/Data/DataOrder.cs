namespace Reparam.Data;

/// <summary>The random order of the training data in an epoch. Both orders are pure functions of the seed and of the
/// number of the epoch.</summary>
public enum DataOrder
{
    /// <summary>A uniformly random order of all data (Fisher and Yates). It reads data at random places.</summary>
    Full,

    /// <summary>
    /// Blocks of consecutive data in random order, and within each window of blocks the data in random order. A block
    /// has 2^18 elements, rounded down to whole data points, and a window 2^24 elements, rounded down to whole blocks.
    /// So each block is read once in an epoch, and one window is in memory. Data that fit into one window are in
    /// uniformly random order.
    /// </summary>
    Blocks,
}
