namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Computes the results at the positions of one unit of the cut: pads the rows they read, then packs panel after panel of patches and
/// multiplies all rows of weights with each. Everything but the packed weights is the thread's own and stays in its caches.
/// </summary>
internal unsafe struct PatchProductJob<L> : IChunkJob
    where L : struct, ILanes<L>
{
    private const int PanelSlot = 5, PaddedSlot = 6, TileSlot = 7;

    public WeightPanels<L> Weights;
    public PatchGeometry Geometry;
    public PositionCut Cut;
    public PaddedImages Padded;
    public byte* Bias, Result;
    public int Results, Groups;
    public Extent2d Extent;
    public long* Offsets;

    public readonly void Run(int chunk)
    {
        (int image, int images, int firstRow, int rows) = Cut[chunk];
        long imageBytes = Padded.PlaneBytes * Padded.Channels;
        byte* padded = Scratch.Take(PaddedSlot, imageBytes * images);
        for (int i = 0; i < images; i++) Padded.Copy(image + i, 0, Padded.Channels, firstRow, padded + i * imageBytes);
        for (int group = 0; group < Groups; group++)
        {
            long* offsets = Offsets;
            byte* source = padded + (long)group * Weights.Channels * Padded.PlaneBytes;
            for (int p = 0; p < Geometry.PhaseCount; p++)
            {
                Phase phase = Geometry.Phases[p];
                int partRows = Math.Min(rows, phase.Rows - firstRow);
                if (partRows > 0) Run(group, p, image, images, firstRow, partRows, source, imageBytes, offsets);
                offsets += (long)phase.Taps * Weights.Channels;
            }
        }
    }

    private readonly void Run(int group, int p, int image, int images, int firstRow, int rows, byte* source, long imageBytes, long* offsets)
    {
        Phase phase = Geometry.Phases[p];
        TileShape tile = TileShape.For<L>();
        int element = L.ElementSize, depth = phase.Taps * Weights.Channels, m = Weights.Rows;
        long stride = (long)tile.Columns * element;
        byte* panel = Scratch.Take(PanelSlot, (Math.Min(depth, MatMulTask.BlockDepth) + 1) * stride);
        byte* product = Scratch.Take(TileSlot, m * stride);
        long* table = stackalloc long[2 * 64];
        byte* bias = Bias == null ? null : Bias + (long)group * m * element;
        byte* result = Result + ((long)image * Results + (long)group * m) * Extent.Height * Extent.Width * element;
        ResultRuns runs = new(phase, Geometry, Extent, (long)Results * Extent.Height * Extent.Width, firstRow);
        int positions = images * rows * phase.Columns;
        int i = 0, row = 0, column = 0;
        for (int first = 0; first < positions; first += tile.Columns)
        {
            int columns = Math.Min(tile.Columns, positions - first);
            PatchPanel patches = new(table, (long)phase.Columns * element);
            runs.Clear();
            for (int at = 0; at < columns;)
            {
                int length = Math.Min(columns - at, phase.Columns - column);
                patches.Add(i * imageBytes + row * Padded.PositionPitch + (long)column * element, (long)at * element, (long)length * element);
                runs.Add(i, row, column, length);
                at += length;
                column += length;
                if (column < phase.Columns) continue;
                column = 0;
                if (++row < rows) continue;
                row = 0;
                i++;
            }

            if (depth == 0) new Span<byte>(product, (int)(m * stride)).Clear();
            for (int k = 0; k < depth; k += MatMulTask.BlockDepth)
            {
                int count = Math.Min(MatMulTask.BlockDepth, depth - k);
                patches.Pack(source, offsets + k, count, panel, stride);
                // Whole vectors: the product has room for the columns that the last panel lacks.
                int computed = (columns + L.Count - 1) / L.Count * L.Count;
                RowOperand weights = RowOperand.Panels(Weights[p, group, k], tile.Rows, count, element);
                TileJob<L> tiles = new(Product.Into(product, m, tile.Columns, depth), weights, panel, new Slab(0, m, 0, computed, k, count), tile, 0);
                for (int chunk = 0; chunk < tiles.Chunks; chunk++) tiles.Run(chunk);
            }

            runs.Store<L>(product, stride, m, bias, result);
        }
    }
}
