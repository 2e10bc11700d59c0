namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Packs the panels of a slab of b, from panel <see cref="First"/> on: for every k a strip of columns side by side.</summary>
internal unsafe struct PackJob : IChunkJob
{
    public byte* B, Packed;
    public MatMulPlan Plan;
    public Slab Slab;
    public TileShape Tile;
    public int Element, First;

    public readonly int Chunks => (Slab.Columns + Tile.Columns - 1) / Tile.Columns - First;

    public readonly void Run(int chunk)
    {
        int start = (First + chunk) * Tile.Columns;
        int valid = Math.Min(Tile.Columns, Slab.Columns - start);
        byte* target = Packed + (long)start * Slab.Depth * Element;
        long column = Slab.Column + start;
        if (Plan.TransposeB)
            Packing.Transposed(B + (column * Plan.K + Slab.K) * Element, (long)Plan.K * Element, valid, Tile.Columns, Slab.Depth, Element, target);
        else
            Packing.Straight(B + ((long)Slab.K * Plan.N + column) * Element, (long)Plan.N * Element, valid, Tile.Columns, Slab.Depth, Element, target);
    }
}
