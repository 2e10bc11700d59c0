using System.Numerics;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Adds the gradient of each selected element at the position that it came from. A chunk is a band of columns
/// of one outer index and takes the selected positions in order; no two chunks write to the same element.</summary>
internal unsafe struct PickGradientJob<T> : IChunkJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Columns = 256;

    public T* G, X;
    public int* Positions;
    public PickPlan Plan;

    public readonly int Chunks => Plan.Outer * Bands;

    private readonly int Bands => (Plan.Inner + Columns - 1) / Columns;

    public readonly void Run(int chunk)
    {
        (int outer, int band) = Math.DivRem(chunk, Bands);
        int inner = Plan.Inner, first = band * Columns, columns = Math.Min(Columns, inner - first);
        T* x = X + (long)outer * Plan.Extent * inner + first;
        for (int index = 0; index < Plan.Count; index++)
        {
            long row = ((long)outer * Plan.Count + index) * inner + first;
            T* g = G + row;
            if (Plan.PerElement)
            {
                for (int i = 0; i < columns; i++) x[(long)Positions[row + i] * inner + i] += g[i];
            }
            else
            {
                T* target = x + (long)Positions[index] * inner;
                for (int i = 0; i < columns; i++) target[i] += g[i];
            }
        }
    }
}
