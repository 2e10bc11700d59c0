using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Computes the product of one unit of positions for one group and part of its columns, the (channel, tap)
/// pairs.</summary>
internal unsafe struct WeightGradientJob<L> : IChunkJob
    where L : struct, ILanes<L>
{
    private const int PanelSlot = 5, PaddedSlot = 6, FeatureSlot = 7, PartPanels = 8;

    public ConvolutionPlan Plan;
    public PatchGeometry Geometry;
    public PositionCut Cut;
    public PaddedImages Padded;
    public byte* Features, Partials;
    public long* Offsets;
    public int FirstUnit;

    private static TileShape Tile => TileShape.For<L>();

    /// <summary>Columns of the weight seen as a matrix [features, (channel, tap)].</summary>
    public readonly int Columns => Plan.Channels / Plan.Groups * Plan.Taps;

    /// <summary>Bytes from a row of a unit's product to the next: whole vectors.</summary>
    public readonly long Stride => (long)(Columns + L.Count - 1) / L.Count * L.Count * L.ElementSize;

    public readonly long PartialBytes => Stride * Plan.Features;

    private readonly int ColumnParts => (Columns + PartPanels * Tile.Columns - 1) / (PartPanels * Tile.Columns);

    /// <summary>Chunks of a unit.</summary>
    public readonly int Parts => Plan.Groups * ColumnParts;

    public readonly void Run(int chunk)
    {
        (int unit, int part) = Math.DivRem(chunk, Parts);
        (int group, part) = Math.DivRem(part, ColumnParts);
        (int image, int images, int firstRow, int rows) = Cut[FirstUnit + unit];
        int element = L.ElementSize, m = Plan.Features / Plan.Groups, depth = images * rows * Plan.Grid.Width;
        int start = part * PartPanels * Tile.Columns, end = Math.Min(start + PartPanels * Tile.Columns, Columns);

        byte* features = Scratch.Take(FeatureSlot, (long)(m + Tile.Rows - 1) / Tile.Rows * Tile.Rows * depth * element);
        PackFeatures(group, m, image, images, firstRow, rows, features);

        int firstChannel = start / Plan.Taps, channels = (end - 1) / Plan.Taps + 1 - firstChannel;
        long imageBytes = channels * Padded.PlaneBytes;
        byte* padded = Scratch.Take(PaddedSlot, imageBytes * images);
        for (int i = 0; i < images; i++)
        {
            Padded.Copy(image + i, group * (Plan.Channels / Plan.Groups) + firstChannel, channels, firstRow,
                padded + i * imageBytes);
        }

        // Memory for four more positions: the last block of four may extend past the end.
        byte* panel = Scratch.Take(PanelSlot, (long)(depth + 4) * Tile.Columns * element);
        byte** taps = stackalloc byte*[32];
        byte* target = Partials + unit * PartialBytes + (long)group * m * Stride;
        for (int column = start; column < end; column += Tile.Columns)
        {
            int columns = Math.Min(Tile.Columns, end - column);
            for (int j = 0; j < Tile.Columns; j++)
            {
                // Missing columns repeat the first column; their results are not used.
                (int channel, int tap) = Math.DivRem(column + (j < columns ? j : 0), Plan.Taps);
                taps[j] = padded + (channel - firstChannel) * Padded.PlaneBytes + Offsets[tap];
            }

            for (int i = 0, position = 0; i < images; i++)
            {
                for (int row = 0; row < rows; row++, position += Plan.Grid.Width)
                {
                    long at = i * imageBytes + row * Padded.PositionPitch;
                    byte* to = panel + (long)position * Tile.Columns * element;
                    if (L.IsSingle) Transpose((float**)taps, at, columns, Plan.Grid.Width, Tile.Columns, (float*)to);
                    else Transpose((double**)taps, at, columns, Plan.Grid.Width, Tile.Columns, (double*)to);
                }
            }

            int computed = (columns + L.Count - 1) / L.Count * L.Count;
            RowOperand panels = RowOperand.Panels(features, Tile.Rows, depth, element);
            TileJob<L> tiles = new(Product.Into(target, m, (int)(Stride / element), depth), panels, panel,
                new Slab(0, m, column, computed, 0, depth), Tile, 0);
            for (int tile = 0; tile < tiles.Chunks; tile++) tiles.Run(tile);
        }
    }

    /// <summary>The left operand: rows of features, whose positions are contiguous within an image.</summary>
    private readonly void PackFeatures(int group, int m, int image, int images, int firstRow, int rows, byte* packed)
    {
        long element = L.ElementSize, plane = (long)Plan.Grid.Height * Plan.Grid.Width * element;
        int length = rows * Plan.Grid.Width, depth = images * length;
        for (int row = 0; row < m; row += Tile.Rows)
        {
            byte* panel = packed + row * depth * element;
            for (int i = 0; i < images; i++, panel += length * Tile.Rows * element)
            {
                byte* source = Features + ((long)(image + i) * Plan.Features + (long)group * m + row) * plane
                    + firstRow * Plan.Grid.Width * element;
                Packing.Transposed(
                    source, plane, Math.Min(Tile.Rows, m - row), Tile.Rows, length, L.ElementSize, panel);
            }
        }
    }

    /// <summary>Transposes a row of positions of each tap, eight or four taps and four positions at a time. The next
    /// row overwrites the positions beyond the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Transpose(float** taps, long at, int columns, int length, int width, float* panel)
    {
        if (!Sse.IsSupported && !AdvSimd.Arm64.IsSupported)
        {
            Transpose<float>(taps, at, columns, length, width, panel);
            return;
        }

        int j = 0;
        for (; j < columns && width >= 16 && Avx.IsSupported; j += 8, panel += 8)
        {
            byte* t0 = (byte*)taps[j] + at, t1 = (byte*)taps[j + 1] + at, t2 = (byte*)taps[j + 2] + at,
                t3 = (byte*)taps[j + 3] + at;
            byte* t4 = (byte*)taps[j + 4] + at, t5 = (byte*)taps[j + 5] + at, t6 = (byte*)taps[j + 6] + at,
                t7 = (byte*)taps[j + 7] + at;
            float* to = panel;
            for (long x = 0; x < 4L * length; x += 16, to += 4 * width)
            {
                // Taps 0 to 3 are in the lower halves, taps 4 to 7 in the upper halves.
                Vector256<float> r0 = Vector256.Create(
                    Vector128.Load((float*)(t0 + x)), Vector128.Load((float*)(t4 + x)));
                Vector256<float> r1 = Vector256.Create(
                    Vector128.Load((float*)(t1 + x)), Vector128.Load((float*)(t5 + x)));
                Vector256<float> r2 = Vector256.Create(
                    Vector128.Load((float*)(t2 + x)), Vector128.Load((float*)(t6 + x)));
                Vector256<float> r3 = Vector256.Create(
                    Vector128.Load((float*)(t3 + x)), Vector128.Load((float*)(t7 + x)));
                Vector256<double> a0 = Avx.UnpackLow(r0, r1).AsDouble(), a1 = Avx.UnpackLow(r2, r3).AsDouble();
                Vector256<double> b0 = Avx.UnpackHigh(r0, r1).AsDouble(), b1 = Avx.UnpackHigh(r2, r3).AsDouble();
                Vector256.Store(Avx.UnpackLow(a0, a1).AsSingle(), to);
                Vector256.Store(Avx.UnpackHigh(a0, a1).AsSingle(), to + width);
                Vector256.Store(Avx.UnpackLow(b0, b1).AsSingle(), to + 2 * width);
                Vector256.Store(Avx.UnpackHigh(b0, b1).AsSingle(), to + 3 * width);
            }
        }

        for (; j < columns; j += 4, panel += 4)
        {
            byte* t0 = (byte*)taps[j] + at, t1 = (byte*)taps[j + 1] + at, t2 = (byte*)taps[j + 2] + at,
                t3 = (byte*)taps[j + 3] + at;
            float* to = panel;
            for (long x = 0; x < 4L * length; x += 16, to += 4 * width)
            {
                Vector128<float> r0 = Vector128.Load((float*)(t0 + x)), r1 = Vector128.Load((float*)(t1 + x));
                Vector128<float> r2 = Vector128.Load((float*)(t2 + x)), r3 = Vector128.Load((float*)(t3 + x));
                Vector128<double> a0 = Packing.Low(r0, r1).AsDouble(), a1 = Packing.Low(r2, r3).AsDouble();
                Vector128<double> b0 = Packing.High(r0, r1).AsDouble(), b1 = Packing.High(r2, r3).AsDouble();
                Vector128.Store(Packing.Low(a0, a1).AsSingle(), to);
                Vector128.Store(Packing.High(a0, a1).AsSingle(), to + width);
                Vector128.Store(Packing.Low(b0, b1).AsSingle(), to + 2 * width);
                Vector128.Store(Packing.High(b0, b1).AsSingle(), to + 3 * width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Transpose(double** taps, long at, int columns, int length, int width, double* panel)
    {
        if (!Sse2.IsSupported && !AdvSimd.Arm64.IsSupported)
        {
            Transpose<double>(taps, at, columns, length, width, panel);
            return;
        }

        for (int j = 0; j < columns; j += 2, panel += 2)
        {
            byte* t0 = (byte*)taps[j] + at, t1 = (byte*)taps[j + 1] + at;
            double* to = panel;
            for (long x = 0; x < 8L * length; x += 16, to += 2 * width)
            {
                Vector128<double> r0 = Vector128.Load((double*)(t0 + x)), r1 = Vector128.Load((double*)(t1 + x));
                Vector128.Store(Packing.Low(r0, r1), to);
                Vector128.Store(Packing.High(r0, r1), to + width);
            }
        }
    }

    private static void Transpose<T>(T** taps, long at, int columns, int length, int width, T* panel)
        where T : unmanaged
    {
        for (int j = 0; j < columns; j++)
        {
            T* from = (T*)((byte*)taps[j] + at);
            for (int x = 0; x < length; x++) panel[(long)x * width + j] = from[x];
        }
    }
}
