namespace Reparam.Tensors.Backends.Cpu;

/// <summary>y[outer, inner] = reduction of x[outer, reduce, inner] over its middle axis, in parts fixed by the
/// extents.</summary>
internal unsafe struct ReduceTask : ILaneTask
{
    public ReduceKernel Kernel;
    public byte* X, Y;
    public int Outer, Reduce, Inner;

    public void Run<L>() where L : struct, ILanes<L>
    {
        if (Kernel == ReduceKernel.Sum) Run<L, SumCombiner>();
        else Run<L, MaxCombiner>();
    }

    private readonly void Run<L, TCombiner>()
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        if (Inner == 1) Rows<L, TCombiner>(X, Y, Reduce, slot: 0);
        else Columns<L, TCombiner>(X, Y, Reduce, slot: 0);
    }

    private readonly void Rows<L, TCombiner>(byte* x, byte* y, int length, int slot)
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        int blocks = Math.Max(1, (length + RowReduction.BlockLength - 1) / RowReduction.BlockLength);
        byte* results = blocks == 1 ? y : Scratch.Take(slot, (long)Outer * blocks * L.ElementSize);
        RowJob<L, TCombiner> job = new() { X = x, Y = results, Rows = Outer, Length = length, Blocks = blocks };
        job.UnitsPerChunk = blocks > 1 ? 1 : Math.Clamp(16 * 1024 / Math.Max(length, 32), 1, 256);
        long units = (long)Outer * blocks;
        WorkerPool.For(
            (int)((units + job.UnitsPerChunk - 1) / job.UnitsPerChunk), (long)Outer * Math.Max(length, 32), ref job);
        if (blocks > 1) Rows<L, TCombiner>(results, y, blocks, slot + 1);
    }

    private readonly void Columns<L, TCombiner>(byte* x, byte* y, int rows, int slot)
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        int parts = Math.Max(1, (rows + ColumnReduction.ChunkRows - 1) / ColumnReduction.ChunkRows);
        byte* results = parts == 1 ? y : Scratch.Take(slot, (long)Outer * parts * Inner * L.ElementSize);
        ColumnJob<L, TCombiner> job = new()
        {
            X = x, Y = results, Rows = rows, Parts = parts, Inner = Inner, PartRows = ColumnReduction.ChunkRows,
            Bands = (Inner + ColumnReduction.ChunkColumns - 1) / ColumnReduction.ChunkColumns, Units = Outer * parts,
        };
        // Small parts are grouped until a chunk is worth passing to another thread.
        job.UnitsPerChunk = Math.Clamp(
            16 * 1024 / Math.Max(1, Math.Min(rows, ColumnReduction.ChunkRows) * Inner), 1, 1024);
        WorkerPool.For(
            (job.Units + job.UnitsPerChunk - 1) / job.UnitsPerChunk * job.Bands, (long)Outer * rows * Inner, ref job);
        if (parts == 1) return;

        // The parts are added in order, in one chain, whatever their number.
        ColumnJob<L, TCombiner> last = job with
        {
            X = results, Y = y, Rows = parts, Parts = 1, PartRows = parts, Units = Outer, UnitsPerChunk = 1,
        };
        WorkerPool.For(Outer * last.Bands, (long)Outer * parts * Inner, ref last);
    }

    private struct RowJob<L, TCombiner> : IChunkJob
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        public byte* X, Y;
        public int Rows, Length, Blocks, UnitsPerChunk;

        public readonly void Run(int chunk)
        {
            long first = (long)chunk * UnitsPerChunk, end = Math.Min(first + UnitsPerChunk, (long)Rows * Blocks);
            for (long unit = first; unit < end; unit++)
            {
                (long row, long block) = Math.DivRem(unit, Blocks);
                int start = (int)block * RowReduction.BlockLength;
                RowReduction.Block<L, TCombiner>(
                    X + (row * Length + start) * L.ElementSize, Math.Min(RowReduction.BlockLength, Length - start),
                    Y + unit * L.ElementSize);
            }
        }
    }

    private struct ColumnJob<L, TCombiner> : IChunkJob
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        public byte* X, Y;
        public int Rows, Parts, PartRows, Inner, Bands, Units, UnitsPerChunk;

        public readonly void Run(int chunk)
        {
            (int group, int band) = Math.DivRem(chunk, Bands);
            int column = band * ColumnReduction.ChunkColumns;
            int columns = Math.Min(ColumnReduction.ChunkColumns, Inner - column);
            int end = Math.Min((group + 1) * UnitsPerChunk, Units);
            for (int unit = group * UnitsPerChunk; unit < end; unit++)
            {
                (int outer, int part) = Math.DivRem(unit, Parts);
                int row = part * PartRows;
                byte* x = X + (((long)outer * Rows + row) * Inner + column) * L.ElementSize;
                byte* y = Y + ((long)unit * Inner + column) * L.ElementSize;
                ColumnReduction.Columns<L, TCombiner>(
                    x, Math.Min(PartRows, Rows - row), (long)Inner * L.ElementSize, y, columns);
            }
        }
    }
}
