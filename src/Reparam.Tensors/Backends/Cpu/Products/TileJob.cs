namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Computes a slab of c from packed panels. A chunk is one panel of b against a group of panels of a; neighbouring
/// chunks share the group, which stays in the second-level cache.</summary>
internal unsafe struct TileJob<L> : IChunkJob
    where L : struct, ILanes<L>
{
    private const int GroupRows = 96;

    private readonly byte* _a, _b, _c, _bias;
    private readonly MatMulPlan _plan;
    private readonly Slab _slab;
    private readonly TileShape _tile;
    private readonly int _panelsB, _groups;

    public TileJob(byte* a, byte* b, byte* c, byte* bias, MatMulPlan plan, Slab slab, TileShape tile)
    {
        _a = a;
        _b = b;
        _c = c;
        _bias = bias;
        (_plan, _slab, _tile) = (plan, slab, tile);
        _panelsB = (slab.Columns + tile.Columns - 1) / tile.Columns;
        _groups = (slab.Rows + GroupRows - 1) / GroupRows;
    }

    public readonly int Chunks => _panelsB * _groups;

    public readonly void Run(int chunk)
    {
        (int group, int panel) = Math.DivRem(chunk, _panelsB);
        int element = L.ElementSize, column = panel * _tile.Columns;
        int columns = Math.Min(_tile.Columns, _slab.Columns - column);
        int firstRow = group * GroupRows, endRow = Math.Min(firstRow + GroupRows, _slab.Rows);
        long strideC = (long)_plan.N * element;
        byte* scratch = stackalloc byte[12 * 2 * 64];
        for (int k = 0; k < _slab.Depth; k += MatMulTask.BlockDepth)
        {
            int depth = Math.Min(MatMulTask.BlockDepth, _slab.Depth - k);
            bool accumulate = _slab.K + k > 0;
            bool last = _slab.K + k + depth == _plan.K;
            byte* bias = last && _bias != null ? _bias + (long)(_slab.Column + column) * element : null;
            byte* b = _b + ((long)column * _slab.Depth + (long)k * _tile.Columns) * element;
            for (int row = firstRow; row < endRow; row += _tile.Rows)
            {
                int rows = Math.Min(_tile.Rows, endRow - row);
                byte* a = _a + ((long)row * _slab.Depth + (long)k * _tile.Rows) * element;
                byte* c = _c + (_slab.Row + row) * strideC + (long)(_slab.Column + column) * element;
                bool wide = columns > L.Count;
                if (columns == (wide ? 2 * L.Count : L.Count) && rows == Kernel(rows))
                {
                    Tile(rows, wide, a, b, depth, c, strideC, bias, accumulate);
                    continue;
                }

                long strideTile = 2L * L.Count * element;
                Tile(Kernel(rows), wide, a, b, depth, scratch, strideTile, null, false);
                TileStore.Merge<L>(scratch, strideTile, c, strideC, rows, columns, bias, accumulate);
            }
        }
    }

    /// <summary>Rows of the smallest kernel that covers this many.</summary>
    private readonly int Kernel(int rows) => rows <= 2 ? rows : rows <= 4 ? 4 : _tile.Rows == 6 ? 6 : rows <= 8 ? 8 : 12;

    private readonly void Tile(int rows, bool wide, byte* a, byte* b, int depth, byte* c, long strideC, byte* bias, bool accumulate)
    {
        long strideA = (long)_tile.Rows * L.ElementSize, strideB = (long)_tile.Columns * L.ElementSize;
        switch (rows, wide)
        {
            case (12, true): Tile12.Wide<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (12, false): Tile12.Narrow<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (8, true): Tile8.Wide<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (8, false): Tile8.Narrow<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (6, true): Tile6.Wide<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (6, false): Tile6.Narrow<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (4, true): Tile4.Wide<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (4, false): Tile4.Narrow<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (2, true): Tile2.Wide<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (2, false): Tile2.Narrow<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            case (1, true): Tile1.Wide<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
            default: Tile1.Narrow<L>(a, strideA, b, strideB, depth, c, strideC, bias, accumulate); break;
        }
    }
}
