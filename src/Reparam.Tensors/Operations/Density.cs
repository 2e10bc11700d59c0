using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>How operations call the kernels that sum a density over an event.</summary>
public sealed partial class Tensor
{
    /// <summary>An operand whose rows repeat, and the number of its rows: a shape that is the end of the whole shape
    /// needs no copy.</summary>
    private static (Tensor Operand, int Rows) Repeating(Tensor operand, Shape whole, int columns)
    {
        // Of an event without elements there is no row to repeat: a scalar is the end of any shape, and one element
        // more than such a row has.
        bool suffix = columns > 0 && operand.Rank <= whole.Rank && operand.Shape == whole[(whole.Rank - operand.Rank)..]
            && operand.Size >= columns;
        // Inside an operation: the copy is not itself recorded.
        Tensor full = suffix ? operand : operand.ExpandTo(whole);
        return (full, columns == 0 ? 1 : full.Size / columns);
    }

    /// <summary>The joint shape of a density's operands, and how many of its last axes belong to the event.</summary>
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
                nameof(eventAxes), eventAxes, $"An event of shape {whole} has 0 to {whole.Rank} axes.");
        }

        return whole;
    }

    /// <summary>The vector-Jacobian product by an operand: the gradient of each row times the derivative of each
    /// term.</summary>
    private static Tensor ByOperand(Tensor g, Tensor derivative, Tensor operand)
    {
        Shape rows = Shape.Create([.. g.Shape.AsSpan(), .. Enumerable.Repeat(1, derivative.Rank - g.Rank)]);
        return Apply(BinaryKernel.Multiply, derivative, g.View(rows)).SumTo(operand.Shape);
    }
}
