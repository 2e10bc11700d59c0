namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The positions of a batch of grids, divided into units of about <see cref="UnitPositions"/>: several whole images, or
/// a band of rows of one image. The division is a function of the extents only. For the gradient of the weight it is
/// part of the reproducibility contract, because each unit is one part of the sum over positions.
/// </summary>
internal readonly struct PositionCut
{
    /// <summary>The largest number of positions of a unit, unless one row of the grid has more.</summary>
    public const int UnitPositions = MatMulTask.BlockDepth;

    public PositionCut(int batch, int rows, int columns)
    {
        (Batch, Rows, Columns) = (batch, rows, columns);
        long size = Math.Max(1, (long)rows * columns);
        Images = ImagesOf(batch, size);
        BandRows = Math.Clamp(UnitPositions / Math.Max(1, columns), 1, Math.Max(1, rows));
        Bands = (rows + BandRows - 1) / BandRows;
        Count = (batch + Images - 1) / Images * Bands;
    }

    /// <summary>
    /// The number of images per unit with the smallest cost. Positions are computed in whole vectors, and a few threads
    /// share the units and wait for the last unit. For example, a batch of 128 grids of 7 x 7 gives 16 units of 8
    /// images, not 12 units of 10 images and one unit of 8.
    /// </summary>
    private static int ImagesOf(int batch, long size)
    {
        const int vector = 16, sharers = 4;
        int best = 1;
        long least = long.MaxValue;
        for (int images = (int)Math.Clamp(UnitPositions / size, 1, Math.Max(1, batch)); images >= 1; images--)
        {
            long units = (batch + images - 1) / images, columns = (images * size + vector - 1) / vector * vector;
            long cost = (units + sharers - 1) / sharers * columns;
            if (cost < least) (best, least) = (images, cost);
        }

        return best;
    }

    public int Batch { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Images of a unit; 1 if an image has several bands.</summary>
    public int Images { get; }

    /// <summary>Rows of a band.</summary>
    public int BandRows { get; }

    /// <summary>Bands of an image.</summary>
    public int Bands { get; }

    /// <summary>Number of units.</summary>
    public int Count { get; }

    /// <summary>The images and rows of one unit.</summary>
    public (int FirstImage, int Images, int FirstRow, int Rows) this[int unit]
    {
        get
        {
            (int group, int band) = Math.DivRem(unit, Bands);
            int image = group * Images, row = band * BandRows;
            return (image, Math.Min(Images, Batch - image), row, Math.Min(BandRows, Rows - row));
        }
    }
}
