namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Packs the panels of a slab; in a panel, the elements of a strip are contiguous for every k. Packs the
/// panels of b from panel <see cref="First"/> on, and the panels of a if a is packed.</summary>
internal unsafe struct PackJob : IChunkJob
{
    public byte* A, B, PackedA, PackedB;
    public MatMulPlan Plan;
    public Slab Slab;
    public TileShape Tile;
    public int Element, First;

    public readonly int Chunks => PanelsB + (PackedA == null ? 0 : (Slab.Rows + Tile.Rows - 1) / Tile.Rows);

    private readonly int PanelsB => (Slab.Columns + Tile.Columns - 1) / Tile.Columns - First;

    public readonly void Run(int chunk)
    {
        // If op(b) = b, the elements of a strip of b are contiguous in memory. For a it is the opposite.
        if (chunk < PanelsB)
            Pack(B, !Plan.TransposeB, Plan.N, Slab.Column, Slab.Columns, Tile.Columns, First + chunk, PackedB);
        else Pack(A, Plan.TransposeA, Plan.M, Slab.Row, Slab.Rows, Tile.Rows, chunk - PanelsB, PackedA);
    }

    private readonly void Pack(
        byte* source, bool straight, int extent, int first, int count, int width, int panel, byte* packed)
    {
        int start = panel * width, valid = Math.Min(width, count - start);
        byte* target = packed + (long)start * Slab.Depth * Element;
        long at = first + start;
        if (straight)
        {
            Packing.Straight(source + ((long)Slab.K * extent + at) * Element, (long)extent * Element, valid, width,
                Slab.Depth, Element, target);
        }
        else
        {
            Packing.Transposed(source + (at * Plan.K + Slab.K) * Element, (long)Plan.K * Element, valid, width,
                Slab.Depth, Element, target);
        }
    }
}
