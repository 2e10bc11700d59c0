using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Computes the images of one unit: the product of weights and features, then each image row as the sum of the
/// rows of the product that reach it.</summary>
internal unsafe struct SpreadJob<L> : IChunkJob
    where L : struct, ILanes<L>
{
    private const int PanelSlot = 5, RowSlot = 6, ProductSlot = 7;

    public ConvolutionPlan Plan;
    public PositionCut Cut;
    public byte* Features, Weights, Bias, Image;
    public long* Offsets;
    public long GroupBytes;

    public readonly void Run(int chunk)
    {
        (int image, int images, _, _) = Cut[chunk];
        int element = L.ElementSize, channels = Plan.Channels / Plan.Groups, rows = channels * Plan.Taps,
            positions = Cut.Columns;
        int stride = (images * positions + L.Count - 1) / L.Count * L.Count;
        byte* product = Scratch.Take(ProductSlot, (long)rows * stride * element);
        for (int group = 0; group < Plan.Groups; group++)
        {
            Multiply(group, image, images, stride, product);
            for (int i = 0; i < images; i++)
            {
                for (int c = 0; c < channels; c++)
                {
                    int channel = group * channels + c;
                    byte* plane = Image + ((long)(image + i) * Plan.Channels + channel) * Plan.Image.Height
                        * Plan.Image.Width * element;
                    AddUp(product + ((long)c * Plan.Taps * stride + (long)i * positions) * element, stride, Bias == null
                        ? null : Bias + (long)channel * element, plane);
                }
            }
        }
    }

    private readonly void Multiply(int group, int image, int images, int stride, byte* product)
    {
        TileShape tile = TileShape.For<L>();
        int element = L.ElementSize, rows = Plan.Channels / Plan.Groups * Plan.Taps,
            depth = Plan.Features / Plan.Groups, positions = Cut.Columns;
        int padded = (rows + tile.Rows - 1) / tile.Rows * tile.Rows;
        byte* panel = Scratch.Take(PanelSlot, (long)(MatMulTask.BlockDepth + 1) * tile.Columns * element);
        byte* source = Features + ((long)image * Plan.Features + (long)group * depth) * positions * element;
        long* table = stackalloc long[PatchPanel.TableLength];
        for (int first = 0; first < images * positions; first += tile.Columns)
        {
            int columns = Math.Min(tile.Columns, images * positions - first),
                computed = (columns + L.Count - 1) / L.Count * L.Count;
            PatchPanel patches = new(table, (long)positions * element, mayPermute: false);
            for (int at = 0; at < columns;)
            {
                (int i, int position) = Math.DivRem(first + at, positions);
                int length = Math.Min(columns - at, positions - position);
                patches.Add(((long)i * Plan.Features * positions + position) * element, (long)at * element,
                    (long)length * element);
                at += length;
            }

            for (int k = 0; k < depth; k += MatMulTask.BlockDepth)
            {
                int count = Math.Min(MatMulTask.BlockDepth, depth - k);
                patches.Pack(source, Offsets + k, count, panel, (long)tile.Columns * element);
                RowOperand weights = RowOperand.Panels(
                    Weights + group * GroupBytes + (long)padded * k * element, tile.Rows, count, element);
                TileJob<L> tiles = new(Product.Into(product, rows, stride, depth), weights, panel,
                    new Slab(0, rows, first, computed, k, count), tile, 0);
                for (int chunk = 0; chunk < tiles.Chunks; chunk++) tiles.Run(chunk);
            }
        }
    }

    /// <summary>
    /// One plane of the image. Pixel x of a row is stored as element (x + padding) / stride of the residue (x +
    /// padding) modulo the stride. In this order the positions that a tap reaches are contiguous, so its row is added
    /// in whole vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void AddUp(byte* product, int stride, byte* bias, byte* plane)
    {
        int element = L.ElementSize, vector = L.Count * element, step = Plan.Stride.Width, left = Plan.Padding.Width;
        int columns = Plan.Grid.Width, width = Plan.Image.Width;
        int reached = columns + (Plan.Kernel.Width - 1) * Plan.Dilation.Width / step,
            seen = (width - 1 + left) / step + 1;
        long residue = ((long)Math.Max(reached, seen) + 2 * L.Count) * element, line = (long)columns * element;
        byte* sums = Scratch.Take(RowSlot, residue * step + (long)(width + 4 * L.Count) * element);
        byte* result = sums + residue * step;
        byte* edge = stackalloc byte[2 * 64];
        new Span<byte>(edge, vector).Fill(0xFF);
        new Span<byte>(edge + vector, vector).Clear();
        long last = (line - 1) / vector * vector;
        L mask = L.Load(edge + vector - (line - last)), added = bias == null ? L.Zero : L.Broadcast(bias);
        for (int y = 0; y < Plan.Image.Height; y++, plane += (long)width * element)
        {
            for (long i = 0; i < residue * step; i += vector) L.Store(L.Zero, sums + i);
            for (int u = 0; u < Plan.Kernel.Height; u++)
            {
                (int row, int rest) = Math.DivRem(
                    y + Plan.Padding.Height - u * Plan.Dilation.Height, Plan.Stride.Height);
                if (rest != 0 || row < 0 || row >= Plan.Grid.Height) continue;
                for (int v = 0; v < Plan.Kernel.Width; v++)
                {
                    (int index, int part) = Math.DivRem(v * Plan.Dilation.Width, step);
                    byte* from = product + ((long)(u * Plan.Kernel.Width + v) * stride + (long)row * columns) * element;
                    byte* to = sums + part * residue + (long)index * element;
                    for (long i = 0; i < last; i += vector) L.Store(L.Load(to + i) + L.Load(from + i), to + i);
                    L.Store(L.Load(to + last) + (L.Load(from + last) & mask), to + last);
                }
            }

            byte* even = sums + left % step * residue + (long)(left / step) * element;
            if (step == 1) result = even;
            else if (step == 2)
            {
                ResultRuns.Interleave(even, sums + (left + 1) % 2 * residue + (long)((left + 1) / 2) * element,
                    (long)(width + 1) / 2 * element, element, result);
            }
            else Collect(sums, residue, result);
            if (bias != null)
            {
                for (long i = 0; i < (long)width * element; i += vector)
                    L.Store(L.Load(result + i) + added, result + i);
            }

            ResultRuns.Copy(result, plane, (long)width * element);
        }
    }

    private readonly void Collect(byte* sums, long residue, byte* result)
    {
        for (int x = 0; x < Plan.Image.Width; x++)
        {
            (int index, int part) = Math.DivRem(x + Plan.Padding.Width, Plan.Stride.Width);
            Unsafe.CopyBlockUnaligned(result + (long)x * L.ElementSize,
                sums + part * residue + (long)index * L.ElementSize, (uint)L.ElementSize);
        }
    }
}
