using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>Helpers of the operations that sum a log-density over an event.</summary>
public sealed partial class Tensor
{
    /// <summary>An operand whose rows the kernel repeats, and the number of its rows. An operand whose shape is a
    /// suffix of the whole shape is not copied.</summary>
    private static (Tensor Operand, int Rows) Repeating(Tensor operand, Shape whole, int columns)
    {
        // An event without elements has no row to repeat. The shape of a scalar is a suffix of every shape, but a
        // scalar has one element, which is more than an empty row has.
        bool suffix = columns > 0 && operand.Rank <= whole.Rank && operand.Shape == whole[(whole.Rank - operand.Rank)..]
            && operand.Size >= columns;
        // This is inside an operation, so the copy is not recorded.
        Tensor full = suffix ? operand : operand.ExpandTo(whole);
        return (full, columns == 0 ? 1 : full.Size / columns);
    }

    /// <summary>The shape that the operands of a density broadcast to. Checks that it has at least
    /// <paramref name="eventAxes"/> axes.</summary>
    private static Shape WholeShape(int eventAxes, ReadOnlySpan<Tensor> operands)
    {
        Shape whole = operands[0].Shape;
        foreach (Tensor operand in operands[1..])
        {
            RequireSameType(operands[0], operand);
            whole = BroadcastPlan.Broadcast(whole, operand.Shape);
        }

        if (eventAxes < 0 || eventAxes > whole.Rank)
        {
            throw new ArgumentOutOfRangeException(
                nameof(eventAxes), eventAxes, $"Shape {whole} allows 0 to {whole.Rank} event axes.");
        }

        return whole;
    }

    /// <summary>The vector-Jacobian product with respect to an operand: the gradient of each row times the derivative
    /// of each term.</summary>
    private static Tensor ByOperand(Tensor g, Tensor derivative, Tensor operand)
    {
        Shape rows = Shape.Create([.. g.Shape.AsSpan(), .. Enumerable.Repeat(1, derivative.Rank - g.Rank)]);
        return Apply(BinaryKernel.Multiply, derivative, g.View(rows)).SumTo(operand.Shape);
    }
}
