using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Computes a slab of c from the rows of a (see <see cref="RowOperand"/>) and the panels of b, which are packed or, if
/// their rows are complete, read directly. A chunk is one panel of b times a group of rows of a. Neighbouring chunks
/// share the group, which stays in the second-level cache.
/// </summary>
internal unsafe struct TileJob<L> : IChunkJob
    where L : struct, ILanes<L>
{
    private const int GroupRows = 48;

    /// <summary>Depth from which on computing a tile takes longer than fetching the part of c that it is stored
    /// to.</summary>
    private const int FetchDepth = 32;

    private readonly Product _product;
    private readonly RowOperand _rows;
    private readonly byte* _packed;
    private readonly Slab _slab;
    private readonly TileShape _tile;
    private readonly int _directPanels, _panels, _groups;
    private readonly bool _byColumns;

    public TileJob(in Product product, RowOperand rows, byte* packed, Slab slab, TileShape tile, int directPanels)
    {
        _product = product;
        _rows = rows;
        _packed = packed;
        (_slab, _tile, _directPanels) = (slab, tile, directPanels);
        _panels = (slab.Columns + tile.Columns - 1) / tile.Columns;
        _groups = (slab.Rows + GroupRows - 1) / GroupRows;
        _byColumns = !product.IsTurned && MatMulTask.SharesByColumns(product.Plan, L.ElementSize);
    }

    public readonly int Chunks => _panels * _groups;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        (int group, int panel) = Math.DivRem(chunk, _byColumns ? _groups : _panels);
        if (_byColumns) (group, panel) = (panel, group);
        MatMulPlan plan = _product.Plan;
        int element = L.ElementSize, column = panel * _tile.Columns;
        int columns = Math.Min(_tile.Columns, _slab.Columns - column);
        int firstRow = group * GroupRows, endRow = Math.Min(firstRow + GroupRows, _slab.Rows);
        bool wide = columns > L.Count;
        if (panel < _directPanels)
        {
            columns = wide ? _tile.Columns : L.Count;
            column = Math.Min(column, _slab.Columns - columns);
        }

        bool whole = !_product.IsTurned && columns == (wide ? 2 * L.Count : L.Count);
        long stepB = panel < _directPanels ? (long)plan.N * element : (long)_tile.Columns * element;
        // A transposed product has its columns in the rows of c, and one bias for each of its rows.
        long rowC = _product.IsTurned ? element : (long)plan.N * element, columnC = _product.IsTurned
            ? (long)plan.M * element : element;
        long strideTile = 2L * L.Count * element;
        byte* scratch = stackalloc byte[12 * 2 * 64];
        for (int k = 0; k < _slab.Depth; k += MatMulTask.BlockDepth)
        {
            int depth = Math.Min(MatMulTask.BlockDepth, _slab.Depth - k);
            bool accumulate = _slab.K + k > 0, last = _slab.K + k + depth == plan.K;
            byte* b = panel < _directPanels
                ? _product.B + ((long)(_slab.K + k) * plan.N + _slab.Column + column) * element
                : _packed + ((long)column * _slab.Depth + (long)k * _tile.Columns) * element;
            for (int row = firstRow, rows; row < endRow; row += rows)
            {
                rows = Kernel(endRow - row);
                byte* a = _rows[row] + k * _rows.Step;
                byte* c = _product.C + (_slab.Row + row) * rowC + (_slab.Column + column) * columnC;
                byte* bias = !last || _product.Bias == null ? null
                    : _product.Bias + (long)(_product.IsTurned ? _slab.Row + row : _slab.Column + column) * element;
                if (whole)
                {
                    if (depth >= FetchDepth) FetchRows(c, rowC, rows, columns * element);
                    Tile(rows, wide, a, _rows.Row, _rows.Step, b, stepB, depth, c, rowC, bias, accumulate);
                    continue;
                }

                Tile(rows, wide, a, _rows.Row, _rows.Step, b, stepB, depth, scratch, strideTile, null, false);
                if (_product.IsTurned)
                    TileStore.Turn(scratch, strideTile, c, columnC, rows, columns, bias, accumulate, L.IsSingle);
                else TileStore.Merge<L>(scratch, strideTile, c, rowC, rows, columns, bias, accumulate);
            }

            if (!last || plan.Nonlinearity == Nonlinearity.None) continue;
            byte* corner = _product.C + (_slab.Row + firstRow) * rowC + (_slab.Column + column) * columnC;
            if (_product.IsTurned) Epilogue.Apply<L>(plan.Nonlinearity, corner, columnC, columns, endRow - firstRow);
            else Epilogue.Apply<L>(plan.Nonlinearity, corner, rowC, endRow - firstRow, columns);
        }
    }

    /// <summary>Fetches the part of c that the tile is stored to, because c is rarely in a cache when a product
    /// starts.</summary>
    private static void FetchRows(byte* c, long rowC, int rows, int bytes)
    {
        for (; rows > 0; rows--, c += rowC)
        {
            for (int i = 0; i < bytes; i += Prefetch.Line) Prefetch.Near(c + i);
            Prefetch.Near(c + bytes - 1); // c need not start at a cache line
        }
    }

    /// <summary>The number of rows of the largest kernel that does not read more rows than there are.</summary>
    private readonly int Kernel(int rows) => rows >= _tile.Rows ? _tile.Rows : rows >= 8 ? 8 : rows >= 6 ? 6 : rows >= 4
        ? 4 : rows >= 2 ? 2 : 1;

    private static void Tile(
        int rows, bool wide, byte* a, long rowA, long stepA, byte* b, long stepB, int depth, byte* c, long strideC,
        byte* bias, bool accumulate)
    {
        switch (rows, wide)
        {
            case (12, true): Tile12.Wide<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (12, false): Tile12.Narrow<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (8, true): Tile8.Wide<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (8, false): Tile8.Narrow<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (6, true): Tile6.Wide<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (6, false): Tile6.Narrow<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (4, true): Tile4.Wide<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (4, false): Tile4.Narrow<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (2, true): Tile2.Wide<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (2, false): Tile2.Narrow<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            case (1, true): Tile1.Wide<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
            default: Tile1.Narrow<L>(a, rowA, stepA, b, stepB, depth, c, strideC, bias, accumulate); break;
        }
    }
}
