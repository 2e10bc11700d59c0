namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The positions of a batch of grids cut into units of about <see cref="UnitPositions"/>: several whole images, or a
/// band of rows of one. The cut is a function of the extents alone, and for the gradient by the weight part of the
/// contract: a unit is one stretch of the sum over positions.
/// </summary>
internal readonly struct PositionCut
{
    /// <summary>Positions of a unit, at most, unless one row of the grid has more.</summary>
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
    /// Of the numbers of images that fit a unit, the one that costs least: positions are computed in vectors, and units
    /// are shared out to a few threads, who wait for the last. Batch 128 of 7 x 7 is 16 units of 8 images, not 12 of 10
    /// and one of 8.
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

    /// <summary>Images of a unit; 1 where an image has several bands.</summary>
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
