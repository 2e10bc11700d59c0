using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>Finds roots of increasing functions, elementwise, for maps whose inverse has no formula.</summary>
/// <remarks>
/// The search uses Newton's method within a bracket. A Newton step is taken only after a step that halved the residual
/// or the bracket. After any other step the bracket is bisected. A bisection halves the number of floating-point
/// numbers in the bracket, so that 64 bisections leave two neighbours. Both kinds of progress are finite, so the search
/// ends for every function. Each element is searched separately: an element without a root does not delay or change the
/// others.
/// </remarks>
internal static class MonotoneRoot
{
    /// <summary>
    /// The x with g(x) = target for an increasing g. It is NaN where no finite x has that value, or where the target or
    /// g is NaN. It is differentiable in the target and in all parameters of g, by the implicit function theorem.
    /// </summary>
    /// <param name="g">A function from x to g(x) and its slope.</param>
    /// <param name="target">The target values. The search starts at these values.</param>
    /// <param name="reach">An approximate upper bound of the distance between the root and the target, elementwise. The
    /// search goes further if there is no root within this distance.</param>
    public static Tensor Of(Func<Tensor, (Tensor Value, Tensor Slope)> g, Tensor target, Tensor reach)
    {
        Tensor x;
        using (new TensorScope())
        {
            DType dtype = target.DType;
            (Tensor value, Tensor slope) = g(target.Detach());
            Shape shape = value.Shape;
            Tensor goals = target.Detach().BroadcastTo(shape), reaches = reach.Detach().BroadcastTo(shape);
            // When only shapes are traced there is no root to search for. The targets then serve as the roots.
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

        // The value is the root. The gradient is the gradient of a Newton step from the root.
        (Tensor atRoot, Tensor slopeAtRoot) = g(x);
        return x + ((target - atRoot) / slopeAtRoot.Detach()).GradientOnly();
    }
}
