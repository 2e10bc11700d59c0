namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The location of the rows of a: element (row, k), counted from the start of the slab, is at row * Row + k *
/// Step within a panel of rows. The panels are Panel bytes apart.</summary>
internal readonly unsafe struct RowOperand
{
    private readonly byte* _data;
    private readonly int _panelRows;
    private readonly long _panel;

    private RowOperand(byte* data, long row, long step, int panelRows, long panel)
    {
        _data = data;
        (Row, Step) = (row, step);
        (_panelRows, _panel) = (panelRows, panel);
    }

    /// <summary>Bytes from a row to the next.</summary>
    public long Row { get; }

    /// <summary>Bytes from a k to the next.</summary>
    public long Step { get; }

    /// <summary>The address of the first element of a row.</summary>
    public byte* this[int row]
    {
        get
        {
            (int panel, int rest) = Math.DivRem(row, _panelRows);
            return _data + panel * _panel + rest * Row;
        }
    }

    /// <summary>The part of a matrix that belongs to the slab, in its own layout in memory.</summary>
    public static RowOperand AsItLies(in Product product, Slab slab, int element)
    {
        MatMulPlan plan = product.Plan;
        long row = plan.TransposeA ? element : (long)plan.K * element, step = plan.TransposeA
            ? (long)plan.M * element : element;
        return new RowOperand(product.A + slab.Row * row + slab.K * step, row, step, int.MaxValue, 0);
    }

    /// <summary>Panels of <paramref name="rows"/> rows each, whose elements are contiguous for every k.</summary>
    public static RowOperand Panels(byte* panels, int rows, int depth, int element) =>
        new(panels, element, (long)rows * element, rows, (long)rows * depth * element);
}
