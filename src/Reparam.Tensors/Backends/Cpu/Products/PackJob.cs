namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Packs the panels of a slab: those of a first, then those of b.</summary>
internal unsafe struct PackJob : IChunkJob
{
    public byte* A, B, PackedA, PackedB;
    public MatMulPlan Plan;
    public Slab Slab;
    public TileShape Tile;
    public int Element;

    public readonly int PanelsA => (Slab.Rows + Tile.Rows - 1) / Tile.Rows;

    public readonly int PanelsB => (Slab.Columns + Tile.Columns - 1) / Tile.Columns;

    public readonly void Run(int chunk)
    {
        if (chunk < PanelsA)
        {
            Pack(A, Plan.TransposeA, Plan.M, Slab.Row, Slab.Rows, Tile.Rows, chunk, PackedA);
        }
        else
        {
            // op(b) = b means that b's columns lie side by side, the opposite of a.
            Pack(B, !Plan.TransposeB, Plan.N, Slab.Column, Slab.Columns, Tile.Columns, chunk - PanelsA, PackedB);
        }
    }

    private readonly void Pack(byte* source, bool straight, int extent, int first, int count, int width, int panel, byte* packed)
    {
        int start = panel * width;
        int valid = Math.Min(width, count - start);
        byte* target = packed + (long)start * Slab.Depth * Element;
        long at = first + start;
        if (straight)
            Packing.Straight(source + ((long)Slab.K * extent + at) * Element, (long)extent * Element, valid, width, Slab.Depth, Element, target);
        else
            Packing.Transposed(source + (at * Plan.K + Slab.K) * Element, (long)Plan.K * Element, valid, width, Slab.Depth, Element, target);
    }
}
