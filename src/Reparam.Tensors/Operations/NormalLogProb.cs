using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log N(x; loc, scale^2) = -0.5 u^2 - log scale - 0.5 log 2 pi with u = (x - loc) / scale, in nats, broadcasting,
    /// summed over the last <paramref name="eventAxes"/> axes in one pass. d/dx = -u / scale, d/dloc = u / scale,
    /// d/dlog scale = u^2 - 1.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor NormalLogProb(Tensor x, Tensor loc, Tensor logScale, int eventAxes)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(logScale);
        Shape whole = WholeShape(eventAxes, [x, loc, logScale]);
        Shape batch = whole[..^eventAxes];
        int columns = whole[^eventAxes..].Size;
        (Tensor a, int rowsA) = Repeating(x, whole, columns);
        (Tensor b, int rowsB) = Repeating(loc, whole, columns);
        (Tensor c, int rowsC) = Repeating(logScale, whole, columns);
        Tensor y = Uninitialized(batch, x.DType);
        bool gradients = GradientTape.Recording is not null;
        Tensor? byX = gradients ? Uninitialized(whole, x.DType) : null, byLogScale = gradients
            ? Uninitialized(whole, x.DType) : null;
        Backend.Current.Density(
            DensityKernel.Normal, a.Buffer, b.Buffer, c.Buffer, null, y.Buffer, byX?.Buffer, byLogScale?.Buffer,
            new DensityPlan(batch.Size, columns, rowsA, rowsB, rowsC));
        if (byX is null || byLogScale is null) return y;
        return y.Recorded([x, loc, logScale],
            [g => ByOperand(g, byX, x), g => -ByOperand(g, byX, loc), g => ByOperand(g, byLogScale, logScale)]);
    }
}
