using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>Roots of increasing functions, elementwise, for maps whose inverse has no formula.</summary>
internal static class MonotoneRoot
{
    private const int Steps = 200;

    /// <summary>
    /// The x with g(x) = target for an increasing g with |g(x) - x| at most <paramref name="reach"/>. Differentiable in target and in all that g depends on, by the
    /// implicit function theorem.
    /// </summary>
    /// <param name="g">From x to g(x) and its slope.</param>
    /// <param name="target">The wanted values.</param>
    /// <param name="reach">A bound of |g(x) - x|, elementwise.</param>
    /// <exception cref="ArithmeticException">There is no root within reach: a parameter or a target is not finite.</exception>
    public static Tensor Of(Func<Tensor, (Tensor Value, Tensor Slope)> g, Tensor target, Tensor reach)
    {
        Tensor x;
        using (new TensorScope())
        {
            Tensor goal = target.Detach(), bound = reach.Detach();
            Tensor low = goal - bound, high = goal + bound, at = goal;
            double tolerance = goal.DType == DType.Float32 ? 1e-6 : 1e-14;
            int step = 0;
            for (; step < Steps; step++)
            {
                (Tensor value, Tensor slope) = g(at);
                Tensor error = value - goal, above = Tensor.Less(Tensor.Scalar(0, goal.DType), error);
                if (Largest(error.Abs() / (1 + goal.Abs())) <= tolerance) break;
                high = Tensor.Where(above, at, high);
                low = Tensor.Where(above, low, at);
                // Newton where it stays within what is known, else the middle.
                Tensor newton = at - error / slope, inside = Formulas.Within(newton, low, high);
                Tensor next = Tensor.Where(inside, newton, (low + high) * 0.5);
                if (Largest((next - at).Abs()) == 0) break;
                at = next;
            }

            if (step == Steps) throw new ArithmeticException($"A map could not be inverted within {Steps} steps: are its parameters and arguments finite?");
            x = at.Keep();
        }

        // One more Newton step, on the tape: its value is the root, its gradient that of the implicit function.
        (Tensor atRoot, Tensor slopeAtRoot) = g(x);
        return x - (atRoot - target) / slopeAtRoot.Detach();
    }

    private static double Largest(Tensor x)
    {
        double largest = 0;
        for (int i = 0; i < x.Size; i++)
        {
            double value = x.At(i);
            if (!(value <= largest)) largest = value;
        }

        return largest;
    }
}
