namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Computes the results at the positions of one unit of the cut: pads the rows that the positions read, then packs one
/// panel of patches after another and multiplies all rows of weights with it. All memory except the packed weights
/// belongs to the thread and stays in its caches.
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
        byte* padded = Scratch.Take(PaddedSlot, imageBytes * images + PatchPanel.SourceSlack);
        for (int i = 0; i < images; i++) Padded.Copy(image + i, 0, Padded.Channels, firstRow, padded + i * imageBytes);
        for (int group = 0; group < Groups; group++)
        {
            long* offsets = Offsets;
            byte* source = padded + (long)group * Weights.Channels * Padded.PlaneBytes;
            for (int p = 0; p < Geometry.PhaseCount;)
            {
                Phase phase = Geometry.Phases[p];
                // With a stride of 2, two neighbouring phases are computed together: their pixels alternate, so they
                // are stored without gaps.
                bool pair = Geometry.ResultColumnStep == 2 && phase.FirstColumn == 0 && p + 1 < Geometry.PhaseCount
                    && Geometry.Phases[p + 1].FirstColumn == 1 && Geometry.Phases[p + 1].Columns == phase.Columns;
                int partRows = Math.Min(rows, phase.Rows - firstRow);
                if (partRows > 0) Run(group, p, pair, image, images, firstRow, partRows, source, imageBytes, offsets);
                for (int end = p + (pair ? 2 : 1); p < end; p++)
                    offsets += (long)Geometry.Phases[p].Taps * Weights.Channels;
            }
        }
    }

    private readonly void Run(int group, int p, bool pair, int image, int images, int firstRow, int rows, byte* source,
        long imageBytes, long* offsets)
    {
        Phase phase = Geometry.Phases[p];
        TileShape tile = TileShape.For<L>();
        int element = L.ElementSize, m = Weights.Rows;
        long stride = (long)tile.Columns * element;
        byte* panel = Scratch.Take(PanelSlot, (MatMulTask.BlockDepth + 1) * stride);
        byte* products = Scratch.Take(TileSlot, (pair ? 4 : 1) * m * stride);
        long* table = stackalloc long[PatchPanel.TableLength];
        byte* bias = Bias == null ? null : Bias + (long)group * m * element;
        byte* result = Result + ((long)image * Results + (long)group * m) * Extent.Height * Extent.Width * element;
        ResultRuns runs = new(phase, Geometry, Extent, (long)Results * Extent.Height * Extent.Width, firstRow, pair);
        int positions = images * rows * phase.Columns;
        int i = 0, row = 0, column = 0;
        for (int first = 0; first < positions; first += tile.Columns)
        {
            int columns = Math.Min(tile.Columns, positions - first);
            PatchPanel patches = new(table, (long)phase.Columns * element, L.IsSingle);
            runs.Clear();
            for (int at = 0; at < columns;)
            {
                int length = Math.Min(columns - at, phase.Columns - column);
                patches.Add(i * imageBytes + row * Padded.PositionPitch + (long)column * element, (long)at * element,
                    (long)length * element);
                runs.Add(i, row, column, length);
                at += length;
                column += length;
                if (column < phase.Columns) continue;
                column = 0;
                if (++row < rows) continue;
                row = 0;
                i++;
            }

            Multiply(group, p, columns, patches, source, offsets, panel, products);
            if (pair)
            {
                Multiply(group, p + 1, columns, patches, source, offsets + (long)phase.Taps * Weights.Channels, panel,
                    products + m * stride);
            }

            runs.Store<L>(products, stride, m, bias, products + 2 * m * stride, result);
        }
    }

    /// <summary>The product of all rows of the weights of a phase with one panel of patches.</summary>
    private readonly void Multiply(
        int group, int p, int columns, PatchPanel patches, byte* source, long* offsets, byte* panel, byte* product)
    {
        TileShape tile = TileShape.For<L>();
        int depth = Geometry.Phases[p].Taps * Weights.Channels, m = Weights.Rows;
        long stride = (long)tile.Columns * L.ElementSize;
        if (depth == 0) new Span<byte>(product, (int)(m * stride)).Clear();
        // Computes whole vectors: the product has memory for the missing columns of the last panel.
        int computed = (columns + L.Count - 1) / L.Count * L.Count;
        for (int k = 0; k < depth; k += MatMulTask.BlockDepth)
        {
            int count = Math.Min(MatMulTask.BlockDepth, depth - k);
            patches.Pack(source, offsets + k, count, panel, stride);
            RowOperand weights = RowOperand.Panels(Weights[p, group, k], tile.Rows, count, L.ElementSize);
            TileJob<L> tiles = new(Product.Into(product, m, tile.Columns, depth), weights, panel,
                new Slab(0, m, 0, computed, k, count), tile, 0);
            for (int chunk = 0; chunk < tiles.Chunks; chunk++) tiles.Run(chunk);
        }
    }
}
