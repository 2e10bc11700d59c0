using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// KL(N(loc, scale^2) || N(otherLoc, otherScale^2)) = 0.5 (expm1(2r) + s^2) - r with r = log scale - log otherScale
    /// and s = (loc - otherLoc) / otherScale, in nats, broadcasting, summed over the last <paramref name="eventAxes"/>
    /// axes in one pass. The formula for N(0, 1) as the second distribution is in appendix B of Kingma and Welling
    /// (2013). d/dloc = s / otherScale, d/dlog scale = expm1(2r), d/dotherLoc = -s / otherScale, d/dlog otherScale =
    /// -expm1(2r) - s^2.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor NormalKL(Tensor loc, Tensor logScale, Tensor otherLoc, Tensor otherLogScale, int eventAxes)
    {
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(logScale);
        ArgumentNullException.ThrowIfNull(otherLoc);
        ArgumentNullException.ThrowIfNull(otherLogScale);
        Shape whole = WholeShape(eventAxes, [loc, logScale, otherLoc, otherLogScale]);
        Shape batch = whole[..^eventAxes];
        int columns = whole[^eventAxes..].Size;
        (Tensor a, int rowsA) = Repeating(loc, whole, columns);
        (Tensor b, int rowsB) = Repeating(logScale, whole, columns);
        (Tensor c, int rowsC) = Repeating(otherLoc, whole, columns);
        (Tensor d, int rowsD) = Repeating(otherLogScale, whole, columns);
        Tensor y = Uninitialized(batch, loc.DType);
        bool gradients = GradientTape.Recording is not null;
        Tensor? byLoc = gradients ? Uninitialized(whole, loc.DType) : null, byLogScale = gradients
            ? Uninitialized(whole, loc.DType) : null;
        Backend.Current.Density(
            DensityKernel.NormalKL, a.Buffer, b.Buffer, c.Buffer, d.Buffer, y.Buffer, byLoc?.Buffer, byLogScale?.Buffer,
            new DensityPlan(batch.Size, columns, rowsA, rowsB, rowsC, rowsD));
        if (byLoc is null || byLogScale is null) return y;
        // otherScale is finite, so s follows from the derivative with respect to loc: s = byLoc * otherScale.
        return y.Recorded(
            [loc, logScale, otherLoc, otherLogScale],
            [
                g => ByOperand(g, byLoc, loc), g => ByOperand(g, byLogScale, logScale),
                g => -ByOperand(g, byLoc, otherLoc),
                g => -ByOperand(g, byLogScale + (byLoc * otherLogScale.Exp()).Square(), otherLogScale),
            ]);
    }
}
