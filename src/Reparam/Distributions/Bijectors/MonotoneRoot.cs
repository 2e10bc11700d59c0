using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>Roots of increasing functions, elementwise, for maps whose inverse has no formula.</summary>
/// <remarks>
/// Newton's method within a bracket. A Newton step follows only a step that halved the residual or the bracket; any
/// other step is followed by a bisection. A bisection halves the count of floating-point numbers in the bracket, so
/// that 64 of them leave two neighbours. Both kinds of progress are finite, and the search ends for every function.
/// Each element is searched alone: one without a root does not hold up or spoil the others.
/// </remarks>
internal static class MonotoneRoot
{
    /// <summary>
    /// The x with g(x) = target for an increasing g; NaN where no finite x has that value or where the target or g is
    /// NaN. Differentiable in target and in all that g depends on, by the implicit function theorem.
    /// </summary>
    /// <param name="g">From x to g(x) and its slope.</param>
    /// <param name="target">The wanted values. The search starts there.</param>
    /// <param name="reach">
    /// About how far a root lies from its target at most, elementwise. The search goes further where that holds none.
    /// </param>
    public static Tensor Of(Func<Tensor, (Tensor Value, Tensor Slope)> g, Tensor target, Tensor reach)
    {
        Tensor x;
        using (new TensorScope())
        {
            DType dtype = target.DType;
            (Tensor value, Tensor slope) = g(target.Detach());
            Shape shape = value.Shape;
            Tensor goals = target.Detach().BroadcastTo(shape), reaches = reach.Detach().BroadcastTo(shape);
            // Shapes alone have no root to search for: as if the targets were the roots.
            var roots = new RootSearch[value.HasElements ? shape.Size : 0];
            double[] at = new double[roots.Length];
            for (int i = 0; i < roots.Length; i++) roots[i] = new RootSearch(goals.At(i), reaches.At(i), dtype);
            while (true)
            {
                slope = slope.BroadcastTo(shape);
                bool finished = true;
                for (int i = 0; i < roots.Length; i++)
                {
                    if (!roots[i].Finished) roots[i].Take(value.At(i), slope.At(i));
                    at[i] = roots[i].At;
                    finished &= roots[i].Finished;
                }

                x = (value.HasElements ? Tensor.From(at, shape) : Tensor.Zeros(shape, DType.Float64)).To(dtype);
                if (finished) break;
                (value, slope) = g(x);
            }

            x = x.Keep();
        }

        // The value is the root. The gradient is that of a Newton step from it.
        (Tensor atRoot, Tensor slopeAtRoot) = g(x);
        return x + ((target - atRoot) / slopeAtRoot.Detach()).GradientOnly();
    }
}
