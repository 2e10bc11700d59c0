namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The positions of a batch of grids cut into units of about <see cref="UnitPositions"/>: several whole images, or a band of rows of one. The cut
/// is a function of the extents alone, and for the gradient by the weight part of the contract: a unit is one stretch of the sum over positions.
/// </summary>
internal readonly struct PositionCut
{
    /// <summary>Positions of a unit, at most, unless one row of the grid has more.</summary>
    public const int UnitPositions = MatMulTask.BlockDepth;

    public PositionCut(int batch, int rows, int columns)
    {
        (Batch, Rows, Columns) = (batch, rows, columns);
        long size = Math.Max(1, (long)rows * columns);
        Images = (int)Math.Clamp(UnitPositions / size, 1, Math.Max(1, batch));
        BandRows = Math.Clamp(UnitPositions / Math.Max(1, columns), 1, Math.Max(1, rows));
        Bands = (rows + BandRows - 1) / BandRows;
        Count = (batch + Images - 1) / Images * Bands;
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
