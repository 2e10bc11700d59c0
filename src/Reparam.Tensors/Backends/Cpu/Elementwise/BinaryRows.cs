namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The rows (innermost axis) of a broadcast operation and their division into chunks: long rows are cut into pieces of
/// <see cref="ChunkLength"/>, short rows are grouped until they reach this length. The division depends only on the
/// extents.
/// </summary>
internal unsafe struct BinaryRows
{
    public const int ChunkLength = 16 * 1024;

    public byte* A, B, Y;
    public double P0, P1;
    public int Outer, Inner, StrideA, StrideB;

    private int _axes;
    private int _piecesPerRow;
    private int _rowsPerChunk;
    private fixed int _extents[Shape.MaxRank];
    private fixed int _stridesA[Shape.MaxRank];
    private fixed int _stridesB[Shape.MaxRank];

    public BinaryRows(in BroadcastPlan plan)
    {
        _axes = plan.Extents.Length - 1;
        Inner = plan.Extents[_axes];
        StrideA = plan.StridesA[_axes];
        StrideB = plan.StridesB[_axes];
        Outer = 1;
        for (int axis = 0; axis < _axes; axis++)
        {
            _extents[axis] = plan.Extents[axis];
            _stridesA[axis] = plan.StridesA[axis];
            _stridesB[axis] = plan.StridesB[axis];
            Outer *= plan.Extents[axis];
        }

        _piecesPerRow = Math.Max(1, (Inner + ChunkLength - 1) / ChunkLength);
        _rowsPerChunk = Math.Max(1, ChunkLength / Math.Max(Inner, 1));
    }

    public readonly int Chunks =>
        Outer == 0 || Inner == 0 ? 0 : _piecesPerRow > 1 ? Outer * _piecesPerRow
            : (Outer + _rowsPerChunk - 1) / _rowsPerChunk;

    /// <summary>The rows of a chunk, and the range of columns within them.</summary>
    public readonly (int FirstRow, int Rows, int FirstColumn, int Columns) Range(int chunk)
    {
        if (_piecesPerRow > 1)
        {
            int column = chunk % _piecesPerRow * ChunkLength;
            return (chunk / _piecesPerRow, 1, column, Math.Min(ChunkLength, Inner - column));
        }

        int row = chunk * _rowsPerChunk;
        return (row, Math.Min(_rowsPerChunk, Outer - row), 0, Inner);
    }

    /// <summary>Element offsets of a row in a and in b.</summary>
    public readonly (long A, long B) Offsets(int row)
    {
        if (_axes == 1) return ((long)row * _stridesA[0], (long)row * _stridesB[0]);
        long a = 0, b = 0;
        for (int axis = _axes - 1; axis >= 0; axis--)
        {
            (row, int index) = Math.DivRem(row, _extents[axis]);
            a += (long)index * _stridesA[axis];
            b += (long)index * _stridesB[axis];
        }

        return (a, b);
    }
}
