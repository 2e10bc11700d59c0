namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// c[M,N] = op(a) op(b) + bias. The order of summation of each element is fixed: one FMA chain from zero over each
/// <see cref="BlockDepth"/> of k, the blocks added in order, the bias last; or, for the extents for which
/// <see cref="SumsInLanes"/> is true, a sum in lanes. Slabs, panels, tile sizes and threads do not affect the bits.
/// </summary>
internal unsafe struct MatMulTask : ILaneTask
{
    /// <summary>Length of an FMA chain: part of the reproducibility contract, so it must not be tuned per
    /// machine.</summary>
    public const int BlockDepth = 512;

    // The extents that are packed at a time. They bound the packed slabs, which stay in the outer caches.
    private const int SlabDepth = 4 * BlockDepth, SlabRows = 960, SlabColumns = 2048;

    /// <summary>Number of rows of a up to which b is not worth packing, if its rows can be loaded directly.</summary>
    private const int DirectRows = 512;

    /// <summary>Cache lines that are this many bytes apart share a place in the caches. Only a few rows of a matrix
    /// with this row length would fit into a cache at a time, so the matrix is packed.</summary>
    private const int CacheStride = 4096;

    // The lanes are folded once per element, which pays only from a certain depth on. For columns that are contiguous
    // along k, this depth is small if the columns are few. If they are many, it is the depth from which on packing
    // would cost more for a small batch and as much for a large batch. Other columns are transposed first, so they must
    // be few. The rows and columns of a tile stay in the first-level cache.
    private const int LeastLaneDepth = 64, WideLaneDepth = 320, MostLaneDepth = 1024, FewColumns = 40;

    // If the depth is small, c is larger than b, and it is better to write c row by row.
    private const int LeastSharedDepth = 16;

    // Bytes of the rows of a that stay in the second-level cache while a thread processes its columns.
    private const int SharedRowBytes = 512 * 1024;

    private const int PanelSlotA = 4, PanelSlotB = 5;

    public byte* A, B, Bias, C;
    public MatMulPlan Plan;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        if (SumsInLanes(Plan))
        {
            RunInLanes<L>();
            return;
        }

        TileShape tile = TileShape.For<L>();
        Product product = Turns<L>() ? Product.Turned(this) : Product.Straight(this);
        MatMulPlan plan = product.Plan;
        if (TurnedColumnsJob.Fits<L>(plan))
        {
            TurnedColumnsJob job = new(product);
            WorkerPool.For(job.Chunks, (long)plan.M * plan.N * plan.K / 4, ref job);
            return;
        }

        int element = L.ElementSize;
        byte* packed = Scratch.Take(
            PanelSlotB, (long)Up(Math.Min(plan.N, SlabColumns), tile.Columns) * Math.Min(plan.K, SlabDepth) * element);
        bool direct = !plan.TransposeB
            && (plan.M <= tile.Rows || (plan.M <= DirectRows && (long)plan.N * element % CacheStride != 0));
        bool packsRows = plan.M > tile.Rows && plan.N > tile.Columns
            && (long)(plan.TransposeA ? plan.M : plan.K) * element % CacheStride == 0;
        byte* panels = packsRows ? Scratch.Take(
            PanelSlotA, (long)Up(Math.Min(plan.M, SlabRows), tile.Rows) * Math.Min(plan.K, SlabDepth) * element) : null;
        for (int row = 0; row < plan.M; row += SlabRows)
        {
            for (int column = 0; column < plan.N; column += SlabColumns)
            {
                for (int k = 0; k < plan.K; k += SlabDepth)
                {
                    Slab slab = new(row, Math.Min(SlabRows, plan.M - row), column,
                        Math.Min(SlabColumns, plan.N - column), k, Math.Min(SlabDepth, plan.K - k));
                    // The last panel starts early, so that it ends at the end of the matrix, if the only effect is that
                    // some columns are computed twice.
                    bool overlaps = slab.Columns >= tile.Columns && plan.K <= BlockDepth
                        && plan.Nonlinearity == Nonlinearity.None;
                    int directPanels = direct ? (slab.Columns + (overlaps ? tile.Columns - 1 : 0)) / tile.Columns : 0;
                    PackJob pack = new()
                    {
                        A = product.A, B = product.B, Plan = plan, Slab = slab, Tile = tile, Element = element,
                        First = directPanels, PackedA = panels, PackedB = packed,
                    };
                    WorkerPool.For(
                        pack.Chunks, (long)(slab.Columns + (packsRows ? slab.Rows : 0)) * slab.Depth, ref pack);
                    RowOperand rows = packsRows ? RowOperand.Panels(panels, tile.Rows, slab.Depth, element)
                        : RowOperand.AsItLies(product, slab, element);
                    TileJob<L> tiles = new(product, rows, packed, slab, tile, directPanels);
                    WorkerPool.For(tiles.Chunks, (long)slab.Rows * slab.Columns * slab.Depth / 8, ref tiles);
                }
            }
        }
    }

    /// <summary>Whether an element is a sum in lanes along k (see <see cref="DotTile"/>) instead of a chain. This is
    /// part of the reproducibility contract. It depends on N, K and the layout of the operands, which belong to a
    /// layer, and never on M, the batch size: a row has the same bits in a batch of any size.</summary>
    public static bool SumsInLanes(MatMulPlan plan)
    {
        if (plan.TransposeA || plan.K > MostLaneDepth) return false;
        return plan.TransposeB ? plan.K >= (plan.N <= FewColumns ? LeastLaneDepth : WideLaneDepth)
            : plan.N <= FewColumns && plan.K >= LeastLaneDepth;
    }

    /// <summary>Whether threads share a product by columns. If b contains the weights of a layer and the batch is
    /// smaller, each thread then reads only a part of the weights. Updating a cache line that two processors have read
    /// is expensive, because both must be notified.</summary>
    public static bool SharesByColumns(MatMulPlan plan, int element) => !plan.TransposeA && plan.N > plan.M
        && plan.K >= LeastSharedDepth && (long)plan.M * plan.K * element <= SharedRowBytes;

    private readonly void RunInLanes<L>() where L : struct, ILanes<L>
    {
        byte* b = B;
        if (!Plan.TransposeB)
        {
            b = Scratch.Take(PanelSlotB, (long)Plan.N * Plan.K * L.ElementSize);
            Packing.Columns(B, Plan.K, Plan.N, L.ElementSize, b);
        }

        DotJob<L> job = new(this, b);
        WorkerPool.For(job.Chunks, (long)Plan.M * Plan.N * Plan.K / 8, ref job);
    }

    /// <summary>Whether the transposed product fills the lanes better. The lanes of a vector are columns.</summary>
    private readonly bool Turns<L>()
        where L : struct, ILanes<L> => Filled(Plan.N, L.Count) < 0.82 * Filled(Plan.M, L.Count);

    private static double Filled(int columns, int lanes) => (double)columns / Up(columns, lanes);

    private static int Up(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

/// <summary>A product in the form that the tiles compute: the product itself, or its transpose c^T = op(b)^T op(a)^T,
/// whose tiles are stored transposed.</summary>
internal readonly unsafe struct Product
{
    public byte* A { get; private init; }

    public byte* B { get; private init; }

    public byte* Bias { get; private init; }

    public byte* C { get; private init; }

    public MatMulPlan Plan { get; private init; }

    public bool IsTurned { get; private init; }

    public static Product Straight(in MatMulTask task) => new()
    {
        A = task.A, B = task.B, Bias = task.Bias, C = task.C, Plan = task.Plan,
    };

    /// <summary>A product into c[M,N] whose operands are passed separately.</summary>
    public static Product Into(byte* c, int rows, int columns, int depth) => new()
    {
        C = c, Plan = new MatMulPlan(rows, columns, depth, false, false),
    };

    public static Product Turned(in MatMulTask task) => new()
    {
        A = task.B, B = task.A, Bias = task.Bias, C = task.C, IsTurned = true,
        Plan = task.Plan with
        {
            M = task.Plan.N, N = task.Plan.M, TransposeA = !task.Plan.TransposeB, TransposeB = !task.Plan.TransposeA,
        },
    };
}

/// <summary>The part of a product that is packed and computed at a time.</summary>
internal readonly record struct Slab(int Row, int Rows, int Column, int Columns, int K, int Depth);

/// <summary>Rows and columns of the register tile: 24 accumulators where there are 32 registers, 12 where there are
/// 16.</summary>
internal readonly record struct TileShape(int Rows, int Columns)
{
    public static TileShape For<L>()
        where L : struct, ILanes<L> => new(L.Count * L.ElementSize == 64 ? 12 : 6, 2 * L.Count);
}
