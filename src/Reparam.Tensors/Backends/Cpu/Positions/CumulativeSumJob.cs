using System.Numerics;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Cumulative sums along the middle axis of [outer, extent, inner]: one chain in double for each column,
/// however the columns are divided between threads.</summary>
internal unsafe struct CumulativeSumJob<T> : IChunkJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of columns whose sums are kept at a time: a few cache lines of every row.</summary>
    private const int Columns = 64;

    /// <summary>The smallest number of elements of a chunk, if there are that many.</summary>
    private const int ChunkLength = 4096;

    public T* X, Y;
    public bool Backward;
    private readonly int _extent, _inner, _bands, _units, _unitsPerChunk;

    public CumulativeSumJob(int outer, int extent, int inner)
    {
        _extent = extent;
        _inner = inner;
        _bands = (inner + Columns - 1) / Columns;
        _units = outer * _bands;
        _unitsPerChunk = (int)Math.Clamp(ChunkLength / ((long)extent * Math.Min(inner, Columns)), 1, ChunkLength);
    }

    public readonly int Chunks => (_units + _unitsPerChunk - 1) / _unitsPerChunk;

    public readonly void Run(int chunk)
    {
        double* sums = stackalloc double[Columns];
        int end = Math.Min((chunk + 1) * _unitsPerChunk, _units);
        for (int unit = chunk * _unitsPerChunk; unit < end; unit++)
        {
            (int outer, int band) = Math.DivRem(unit, _bands);
            Band((long)outer * _extent * _inner + band * Columns, Math.Min(Columns, _inner - band * Columns), sums);
        }
    }

    private readonly void Band(long start, int columns, double* sums)
    {
        new Span<double>(sums, columns).Clear();
        for (int step = 0; step < _extent; step++)
        {
            long at = start + (long)(Backward ? _extent - 1 - step : step) * _inner;
            T* x = X + at;
            T* y = Y + at;
            for (int column = 0; column < columns; column++)
            {
                sums[column] += double.CreateTruncating(x[column]);
                y[column] = T.CreateTruncating(sums[column]);
            }
        }
    }
}
