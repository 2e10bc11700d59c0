using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Copies between a contiguous buffer and a strided view, row (innermost axis) by row. If the axis next to the
/// innermost has stride 1, the two innermost axes are a matrix transpose, which is done in cache lines.
/// </summary>
internal unsafe struct StridedJob : IChunkJob
{
    private const int ChunkLength = 16 * 1024, TransposeRows = 64;

    private byte* _view, _dense;
    private int _element, _inner, _outer, _axes, _rowsPerChunk;
    private long _stride;
    private bool _scatter, _transpose;
    private int _matrixRows, _piecesPerMatrix;
    private fixed int _extents[Shape.MaxRank];
    private fixed int _strides[Shape.MaxRank];

    public StridedJob(byte* view, byte* dense, int element, in StridedPlan plan, bool scatter)
    {
        _element = element;
        _view = view + (long)plan.Offset * element;
        _dense = dense;
        _scatter = scatter;
        _axes = Math.Max(plan.Extents.Length - 1, 0);
        bool scalar = plan.Extents.Length == 0;
        _inner = scalar ? 1 : plan.Extents[_axes];
        _stride = scalar ? 1 : plan.Strides[_axes];
        _matrixRows = _axes > 0 ? plan.Extents[_axes - 1] : 1;
        // A transposed store writes its rows to the full width, so the view must have no gaps.
        _transpose = _axes > 0 && plan.Strides[_axes - 1] == 1 && _stride > 1 && _inner > 1
            && (!scatter || _stride == _matrixRows);
        if (_transpose) _axes--;
        _outer = 1;
        for (int axis = 0; axis < _axes; axis++)
        {
            _extents[axis] = plan.Extents[axis];
            _strides[axis] = plan.Strides[axis];
            _outer *= plan.Extents[axis];
        }

        _piecesPerMatrix = _transpose && !scatter ? (_matrixRows + TransposeRows - 1) / TransposeRows : 1;
        _rowsPerChunk = _transpose ? 1 : Math.Max(1, ChunkLength / Math.Max(1, _inner));
    }

    public readonly long Size => (long)_outer * _inner * (_transpose ? _matrixRows : 1);

    public readonly int Chunks => Size == 0 ? 0 : _transpose ? _outer * _piecesPerMatrix
        : (_outer + _rowsPerChunk - 1) / _rowsPerChunk;

    public readonly void Run(int chunk)
    {
        if (_transpose)
        {
            Transpose(chunk / _piecesPerMatrix, chunk % _piecesPerMatrix);
            return;
        }

        int end = Math.Min((chunk + 1) * _rowsPerChunk, _outer);
        for (int row = chunk * _rowsPerChunk; row < end; row++)
        {
            byte* view = _view + Offset(row) * _element;
            byte* dense = _dense + (long)row * _inner * _element;
            if (_stride == 1)
            {
                long bytes = (long)_inner * _element;
                Buffer.MemoryCopy(_scatter ? dense : view, _scatter ? view : dense, bytes, bytes);
            }
            else if (_element == 4)
            {
                Row((uint*)view, (uint*)dense);
            }
            else
            {
                Row((ulong*)view, (ulong*)dense);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Row<T>(T* view, T* dense) where T : unmanaged
    {
        if (_scatter)
        {
            for (int i = 0; i < _inner; i++) view[i * _stride] = dense[i];
        }
        else if (_stride == 0)
        {
            new Span<T>(dense, _inner).Fill(*view);
        }
        else
        {
            for (int i = 0; i < _inner; i++) dense[i] = view[i * _stride];
        }
    }

    private readonly void Transpose(int matrix, int piece)
    {
        byte* view = _view + Offset(matrix) * _element;
        byte* dense = _dense + (long)matrix * _matrixRows * _inner * _element;
        if (_scatter)
        {
            Packing.Transposed(dense, (long)_inner * _element, _matrixRows, _matrixRows, _inner, _element, view);
            return;
        }

        int first = piece * TransposeRows;
        Packing.Transposed(
            view + (long)first * _element, _stride * _element, _inner, _inner,
            Math.Min(TransposeRows, _matrixRows - first), _element,
            dense + (long)first * _inner * _element);
    }

    private readonly long Offset(int row)
    {
        long offset = 0;
        for (int axis = _axes - 1; axis >= 0; axis--)
        {
            (row, int index) = Math.DivRem(row, _extents[axis]);
            offset += (long)index * _strides[axis];
        }

        return offset;
    }
}
