using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// A product whose operands are both contiguous along k, with the order of summation of <see cref="DotTile"/>. No part
/// of a is packed or transposed, for any number of rows. A chunk is a group of rows times a few columns, which stay in
/// the first-level cache while the rows are processed.
/// </summary>
internal unsafe struct DotJob<L> : IChunkJob
    where L : struct, ILanes<L>
{
    private const int GroupRows = 48;

    /// <summary>The columns of a chunk are one or more cache lines of c, because two threads must not share a line.
    /// Their number is large enough that also a chunk of few rows is worth passing to a thread.</summary>
    private const int LineColumns = 16, ChunkProducts = 150_000;

    /// <summary>Number of rows from which on the work on a tile's columns takes longer than fetching the next
    /// columns.</summary>
    private const int FetchRows = 12;

    private readonly MatMulTask _task;
    private readonly byte* _b;
    private readonly int _columns, _pieces, _groups;
    private readonly bool _byColumns;

    /// <param name="task">The product.</param>
    /// <param name="b">op(b)^T: the columns of op(b), one after the other.</param>
    public DotJob(in MatMulTask task, byte* b)
    {
        _task = task;
        _b = b;
        MatMulPlan plan = task.Plan;
        _groups = (plan.M + GroupRows - 1) / GroupRows;
        int most = (int)Math.Min(plan.N, ChunkProducts / ((long)Math.Min(plan.M, GroupRows) * plan.K));
        _columns = Math.Max(1, (most + LineColumns - 1) / LineColumns) * LineColumns;
        _pieces = (plan.N + _columns - 1) / _columns;
        _byColumns = MatMulTask.SharesByColumns(plan, L.ElementSize);
    }

    public readonly int Chunks => _groups * _pieces;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        (int group, int piece) = Math.DivRem(chunk, _byColumns ? _groups : _pieces);
        if (_byColumns) (group, piece) = (piece, group);
        MatMulPlan plan = _task.Plan;
        long row = (long)plan.K * L.ElementSize, strideC = (long)plan.N * L.ElementSize;
        int firstRow = group * GroupRows, endRow = Math.Min(firstRow + GroupRows, plan.M);
        int firstColumn = piece * _columns, endColumn = Math.Min(firstColumn + _columns, plan.N);
        byte* lanes = stackalloc byte[DotTile.LaneBytes], memory = stackalloc byte[DotTile.MaskBytes];
        byte* mask = DotTile.Mask(memory, plan.K % DotTile.Count, L.ElementSize);
        byte* corner = _task.C + firstRow * strideC + (long)firstColumn * L.ElementSize;
        // If threads share the product by columns, the next chunk has the same columns and other rows.
        int lastFetched = endRow - firstRow < FetchRows ? 0 : _byColumns ? endColumn : plan.N;
        for (int column = firstColumn; column < endColumn; column += DotTile.Columns)
        {
            int columns = Math.Min(DotTile.Columns, endColumn - column);
            byte* bias = _task.Bias == null ? null : _task.Bias + (long)column * L.ElementSize, b = _b + column * row;
            NextColumns next = new(b + DotTile.Columns * row, column + 2 * DotTile.Columns <= lastFetched
                ? DotTile.Columns * row : 0, endRow - firstRow);
            for (int i = firstRow, rows; i < endRow; i += rows)
            {
                bool whole = DotTile512.Fits<L>(columns) && endRow - i >= DotTile512.LeastRows;
                rows = whole ? DotTile512.Rows(endRow - i) : DotTile.Rows<L>(endRow - i);
                next.Fetch(i - firstRow + rows);
                if (whole)
                {
                    DotTile512.Run(rows, (float*)(_task.A + i * row), plan.K, (float*)b, plan.K, plan.K, (float*)mask,
                        (float*)(_task.C + i * strideC) + column, plan.N, (float*)bias);
                    continue;
                }

                DotTile.Run<L>(rows, columns, _task.A + i * row, row, b, row, plan.K, mask, lanes);
                DotTile.Store<L>(
                    lanes, rows, columns, _task.C + i * strideC + (long)column * L.ElementSize, plan.N, bias);
            }
        }

        Epilogue.Apply<L>(plan.Nonlinearity, corner, strideC, endRow - firstRow, endColumn - firstColumn);
    }

    /// <summary>The next columns, which are fetched in small parts, one part with every tile of rows.</summary>
    private ref struct NextColumns(byte* start, long bytes, int rows)
    {
        private long _fetched;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Fetch(int rowsDone)
        {
            for (long end = bytes * rowsDone / rows; _fetched < end; _fetched += Prefetch.Line)
                Prefetch.Far(start + _fetched);
        }
    }
}
