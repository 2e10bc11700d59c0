namespace Reparam.Tensors.Backends.Cpu;

/// <summary>One weight of a kernel: the row and column of the source element that it multiplies, relative to the place
/// of a position, and the index of the weight.</summary>
internal readonly record struct Tap(int Row, int Column, int Weight);

/// <summary>
/// Positions of the result that have the same taps: a grid of Rows x Columns whose position (i, j) is the pixel
/// (FirstRow + i * step, FirstColumn + j * step). The features of a convolution are one phase. The image of a
/// convolution with a stride has one phase for every residue.
/// </summary>
internal readonly record struct Phase(int Rows, int Columns, int FirstRow, int FirstColumn, int FirstTap, int Taps);

/// <summary>
/// A convolution, or its transpose with respect to the image, as stride-1 correlations: the result at position (i, j)
/// of a phase is the sum over channels and the phase's taps of weight times source[i * RowStep + tap.Row, j *
/// ColumnStep + tap.Column].
/// </summary>
internal unsafe struct PatchGeometry
{
    private const int TableSlot = 0;

    public Phase* Phases;
    public Tap* Taps;
    public int PhaseCount, RowStep, ColumnStep, ResultRowStep, ResultColumnStep, Rows, Columns;
    public int FirstTapRow, LastTapRow, FirstTapColumn, LastTapColumn;

    /// <summary>The features from the image.</summary>
    public static PatchGeometry OfFeatures(in ConvolutionPlan plan)
    {
        PatchGeometry geometry = Allocate(1, plan);
        (geometry.RowStep, geometry.ColumnStep, geometry.ResultRowStep, geometry.ResultColumnStep) =
            (plan.Stride.Height, plan.Stride.Width, 1, 1);
        for (int tap = 0; tap < plan.Taps; tap++)
        {
            (int u, int v) = Math.DivRem(tap, plan.Kernel.Width);
            geometry.Taps[tap] = new Tap(
                u * plan.Dilation.Height - plan.Padding.Height, v * plan.Dilation.Width - plan.Padding.Width, tap);
        }

        geometry.Phases[0] = new Phase(plan.Grid.Height, plan.Grid.Width, 0, 0, 0, plan.Taps);
        geometry.Measure();
        return geometry;
    }

    /// <summary>The image from the features: pixel y is reached by the taps u with u * dilation = y + padding modulo
    /// the stride, from the feature row (y + padding - u * dilation) / stride.</summary>
    public static PatchGeometry OfImage(in ConvolutionPlan plan)
    {
        int strideRows = StrideOf(plan.Grid.Height, plan.Stride.Height, plan.Image.Height, plan.Padding.Height,
            plan.Kernel.Height, plan.Dilation.Height);
        int strideColumns = StrideOf(plan.Grid.Width, plan.Stride.Width, plan.Image.Width, plan.Padding.Width,
            plan.Kernel.Width, plan.Dilation.Width);
        int rows = Math.Min(strideRows, plan.Image.Height), columns = Math.Min(strideColumns, plan.Image.Width);
        PatchGeometry geometry = Allocate(rows * columns, plan);
        (geometry.RowStep, geometry.ColumnStep, geometry.ResultRowStep, geometry.ResultColumnStep) =
            (1, 1, strideRows, strideColumns);
        int next = 0;
        for (int phase = 0; phase < rows * columns; phase++)
        {
            (int y, int x) = Math.DivRem(phase, columns);
            int first = next;
            for (int u = 0; u < plan.Kernel.Height; u++)
            {
                (int row, int down) = Math.DivRem(y + plan.Padding.Height - u * plan.Dilation.Height, strideRows);
                if (down != 0) continue;
                for (int v = 0; v < plan.Kernel.Width; v++)
                {
                    (int column, int right) = Math.DivRem(
                        x + plan.Padding.Width - v * plan.Dilation.Width, strideColumns);
                    if (right == 0) geometry.Taps[next++] = new Tap(row, column, u * plan.Kernel.Width + v);
                }
            }

            geometry.Phases[phase] = new Phase(
                (plan.Image.Height - 1 - y) / strideRows + 1, (plan.Image.Width - 1 - x) / strideColumns + 1, y, x,
                first, next - first);
        }

        geometry.Measure();
        return geometry;
    }

    /// <summary>Along an axis with one position the stride is not used. It is replaced by a stride so large that at
    /// most one tap reaches each pixel.</summary>
    private static int StrideOf(int grid, int stride, int image, int padding, int kernel, int dilation) =>
        grid == 1 ? image + padding + (kernel - 1) * dilation + 1 : stride;

    private static PatchGeometry Allocate(int phases, in ConvolutionPlan plan)
    {
        byte* tables = Scratch.Take(TableSlot, (long)phases * sizeof(Phase) + (long)plan.Taps * sizeof(Tap));
        return new PatchGeometry
        {
            Phases = (Phase*)tables, PhaseCount = phases, Taps = (Tap*)(tables + (long)phases * sizeof(Phase)),
        };
    }

    private void Measure()
    {
        bool any = false;
        for (int p = 0; p < PhaseCount; p++)
        {
            Phase phase = Phases[p];
            (Rows, Columns) = (Math.Max(Rows, phase.Rows), Math.Max(Columns, phase.Columns));
            for (int t = phase.FirstTap; t < phase.FirstTap + phase.Taps; t++)
            {
                Tap tap = Taps[t];
                (FirstTapRow, LastTapRow) = any ? (Math.Min(FirstTapRow, tap.Row), Math.Max(LastTapRow, tap.Row))
                    : (tap.Row, tap.Row);
                (FirstTapColumn, LastTapColumn) = any ? (Math.Min(FirstTapColumn, tap.Column),
                    Math.Max(LastTapColumn, tap.Column)) : (tap.Column, tap.Column);
                any = true;
            }
        }
    }
}
