using Reparam.Rendering;
using Reparam.Runs;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>The channels, rows and columns of the images of a run.</summary>
internal readonly record struct ImageExtents(int Channels, int Height, int Width)
{
    public int Pixels => Height * Width;

    /// <summary>The extents of a run's images; null if its data are no images. Numbers that are standardised column by
    /// column are none, although their number may fit a square.</summary>
    public static ImageExtents? Of(TrainedRun run)
    {
        Shape shape = run.EventShape;
        if (!ImageGrid.CanShow(shape) || run.Folder.Table is not null
            || run.Config.Data.Standardize == StandardizeBy.Columns) return null;
        int edge = (int)Math.Round(Math.Sqrt(shape.Size));
        return shape.Rank == 1 ? new ImageExtents(1, edge, edge)
            : new ImageExtents(shape.Rank == 3 ? shape[0] : 1, shape[^2], shape[^1]);
    }
}
