using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>
/// Compares reverse-mode gradients with central differences in Float64. The figures are PyTorch's: step 1e-6, absolute
/// tolerance 1e-5, relative 1e-3. A function of tensors is reduced to a scalar with fixed pseudo-random weights, so
/// that no error hides in a symmetric sum.
/// </summary>
public static class GradientCheck
{
    public const double Step = 1e-6;
    public const double AbsoluteTolerance = 1e-5;
    public const double RelativeTolerance = 1e-3;

    /// <summary>Fails unless the gradient by every element of every input agrees with its central difference.</summary>
    public static void Require(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        if (FirstDisagreement(function, inputs) is { } problem) Assert.Fail(problem);
    }

    /// <summary>The first disagreement in words; null where all agree.</summary>
    public static string? FirstDisagreement(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        Tensor weights = Weights(function(inputs).Shape);
        double[][] analytic;
        using (var tape = new GradientTape())
        {
            Gradients gradients = tape.Gradients((function(inputs) * weights).Sum(), inputs);
            analytic = [.. Enumerable.Range(0, inputs.Length).Select(i => gradients[i].ToArray<double>())];
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            double[] values = inputs[i].ToArray<double>();
            for (int j = 0; j < values.Length; j++)
            {
                double numeric = (At(function, weights, inputs, i, j, Step) - At(
                    function, weights, inputs, i, j, -Step)) / (2 * Step);
                double difference = Math.Abs(numeric - analytic[i][j]);
                if (difference <= AbsoluteTolerance + RelativeTolerance * Math.Abs(numeric)) continue;
                return string.Create(CultureInfo.InvariantCulture, $"d/d input {i}[{j}] of shape {inputs[i].Shape}: " +
                    $"analytic {analytic[i][j]:R}, central difference {numeric:R}");
            }
        }

        return null;
    }

    /// <summary>Distinct Float64 values spread over (low, high), none within 10 steps of a kink at 0.</summary>
    public static Tensor Values(Shape shape, double low, double high, ulong seed = 1)
    {
        var rng = new Rng(seed);
        double[] values = new double[shape.Size];
        for (int i = 0; i < values.Length; i++)
        {
            do values[i] = low + (high - low) * rng.NextDouble(); while (Math.Abs(values[i]) < 10 * Step);
        }

        return Tensor.From(values, shape);
    }

    private static double At(
        Func<Tensor[], Tensor> function, Tensor weights, Tensor[] inputs, int input, int element, double change)
    {
        using var scope = new TensorScope();
        Tensor[] moved = [.. inputs];
        double[] values = inputs[input].ToArray<double>();
        values[element] += change;
        moved[input] = Tensor.From(values, inputs[input].Shape);
        // The same object given twice (x * x) moves in both places.
        for (int i = 0; i < moved.Length; i++) if (ReferenceEquals(inputs[i], inputs[input])) moved[i] = moved[input];
        return (function(moved) * weights).Sum().Item();
    }

    private static Tensor Weights(Shape shape)
    {
        double[] weights = new double[shape.Size];
        var rng = new Rng(99);
        for (int i = 0; i < weights.Length; i++) weights[i] = 0.5 + rng.NextDouble();
        return Tensor.From(weights, shape);
    }
}
