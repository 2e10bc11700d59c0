namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// c[M,N] = op(a) op(b) + bias. The bits are fixed per element: one FMA chain from zero over each <see cref="BlockDepth"/> of k,
/// the blocks added in order, the bias last. Slabs, panels, tile sizes and threads are free.
/// </summary>
internal unsafe struct MatMulTask : ILaneTask
{
    /// <summary>Length of an FMA chain: part of the contract, never to be tuned per machine.</summary>
    public const int BlockDepth = 512;

    // What is packed at a time: the packed slabs stay in the outer caches, and bounded.
    private const int SlabDepth = 4 * BlockDepth, SlabRows = 960, SlabColumns = 2048;

    private const int PanelSlotA = 4, PanelSlotB = 5;

    public byte* A, B, Bias, C;
    public MatMulPlan Plan;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        TileShape tile = TileShape.For<L>();
        int element = L.ElementSize;
        byte* packedA = Scratch.Take(PanelSlotA, (long)Up(Math.Min(Plan.M, SlabRows), tile.Rows) * Math.Min(Plan.K, SlabDepth) * element);
        byte* packedB = Scratch.Take(PanelSlotB, (long)Up(Math.Min(Plan.N, SlabColumns), tile.Columns) * Math.Min(Plan.K, SlabDepth) * element);
        for (int row = 0; row < Plan.M; row += SlabRows)
        {
            for (int column = 0; column < Plan.N; column += SlabColumns)
            {
                for (int k = 0; k < Plan.K; k += SlabDepth)
                {
                    Slab slab = new(row, Math.Min(SlabRows, Plan.M - row), column, Math.Min(SlabColumns, Plan.N - column), k, Math.Min(SlabDepth, Plan.K - k));
                    PackJob pack = new() { A = A, B = B, Plan = Plan, Slab = slab, Tile = tile, Element = element, PackedA = packedA, PackedB = packedB };
                    WorkerPool.For(pack.PanelsA + pack.PanelsB, (long)(slab.Rows + slab.Columns) * slab.Depth, ref pack);
                    TileJob<L> tiles = new(packedA, packedB, C, Bias, Plan, slab, tile);
                    WorkerPool.For(tiles.Chunks, (long)slab.Rows * slab.Columns * slab.Depth / 8, ref tiles);
                }
            }
        }
    }

    private static int Up(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

/// <summary>The part of a product that is packed and computed at a time.</summary>
internal readonly record struct Slab(int Row, int Rows, int Column, int Columns, int K, int Depth);

/// <summary>Rows and columns of the register tile: 24 accumulators where there are 32 registers, 12 where there are 16.</summary>
internal readonly record struct TileShape(int Rows, int Columns)
{
    public static TileShape For<L>() where L : struct, ILanes<L> => new(L.Count * L.ElementSize == 64 ? 12 : 6, 2 * L.Count);
}
