using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>A product of few rows and columns that are contiguous along k (see <see cref="TurnedColumns"/>), with one
/// panel of columns per chunk. The remaining columns are computed in units, the last of which ends at the end of the
/// matrix. A unit may compute columns that another unit has computed, but it stores only its own columns.</summary>
internal unsafe struct TurnedColumnsJob : IChunkJob
{
    private readonly Product _product;

    public TurnedColumnsJob(in Product product) => _product = product;

    /// <summary>Whether the product can be computed in this way.</summary>
    public static bool Fits<L>(MatMulPlan plan) where L : struct, ILanes<L> =>
        TurnedColumns.IsSupported && L.IsSingle && L.Count >= TurnedColumns.Unit && plan.TransposeB
            && plan.M <= TurnedColumns.MaxRows && plan.N >= TurnedColumns.Unit;

    public readonly int Chunks => (_product.Plan.N + TurnedColumns.Panel - 1) / TurnedColumns.Panel;

    public readonly void Run(int chunk)
    {
        int column = chunk * TurnedColumns.Panel, columns = Math.Min(TurnedColumns.Panel, _product.Plan.N - column);
        if (columns == TurnedColumns.Panel)
        {
            Columns(column, columns, 0);
            return;
        }

        for (int done = 0; done < columns; done += TurnedColumns.Unit)
        {
            int start = Math.Min(column + done, _product.Plan.N - TurnedColumns.Unit);
            Columns(start, TurnedColumns.Unit, column + done - start);
        }
    }

    /// <summary>Computes columns from <paramref name="column"/> on and stores all but the first
    /// <paramref name="skip"/>.</summary>
    [SkipLocalsInit]
    private readonly void Columns(int column, int columns, int skip)
    {
        MatMulPlan plan = _product.Plan;
        long rowA = plan.TransposeA ? 1 : plan.K, stepA = plan.TransposeA ? plan.M : 1;
        long strideC = sizeof(float) * (_product.IsTurned ? (long)plan.M : plan.N);
        float* tile = stackalloc float[TurnedColumns.MaxRows * TurnedColumns.Panel];
        const long strideTile = TurnedColumns.Panel * sizeof(float);
        for (int k = 0; k < plan.K; k += MatMulTask.BlockDepth)
        {
            int depth = Math.Min(MatMulTask.BlockDepth, plan.K - k);
            TurnedColumns.Run(plan.M, columns, (float*)_product.A + k * stepA, rowA, stepA,
                (float*)_product.B + (long)column * plan.K + k, plan.K, depth, tile);
            bool last = k + depth == plan.K;
            byte* from = (byte*)(tile + skip), bias = last ? _product.Bias : null;
            float* c = (float*)_product.C + (_product.IsTurned ? (column + skip) * (long)plan.M : column + skip);
            if (_product.IsTurned)
                TileStore.Turn(from, strideTile, (byte*)c, strideC, plan.M, columns - skip, bias, k > 0, single: true);
            else
            {
                TileStore.Merge<Lanes128<float>>(from, strideTile, (byte*)c, strideC, plan.M, columns - skip,
                    bias == null ? null : bias + (long)(column + skip) * sizeof(float), k > 0);
            }

            if (!last) continue;
            if (_product.IsTurned)
                Epilogue.Apply<Lanes128<float>>(plan.Nonlinearity, (byte*)c, strideC, columns - skip, plan.M);
            else Epilogue.Apply<Lanes128<float>>(plan.Nonlinearity, (byte*)c, strideC, plan.M, columns - skip);
        }
    }
}
