namespace Reparam.Tensors.Tests.Operations;

/// <summary>Powers, extrema, variances, and what is chosen or summed along an axis.</summary>
public static partial class OperationCases
{
    private static IEnumerable<OperationCase> Powers()
    {
        foreach (double exponent in (double[])[1, 2, 3, -1, -2, 7])
            yield return new($"Pow {exponent}", x => x[0].Pow(exponent), [V([3, 5], 0.3, 2) * V([3, 5], seed: 2)]);
        foreach (double exponent in (double[])[0.5, -0.5, 2.5, -1.75, 66])
            yield return new($"Pow {exponent}", x => x[0].Pow(exponent), [V([3, 5], 0.4, 1.2)]);
        yield return new("Pow of a scalar", x => x[0].Pow(1.5), [V([], 0.2, 2)]);
        yield return new("Pow of nothing", x => x[0].Pow(1.5), [V([0, 3])]);
        (Shape A, Shape B)[] shapes = [([5], [5]), ([3, 1], [1, 5]), ([], [4]), ([4], []), ([0, 3], [3]), ([17], [17])];
        foreach (var (a, b) in shapes)
            yield return new($"Pow {a} {b}", x => x[0].Pow(x[1]), [V(a, 0.2, 2, 3), V(b, -2, 3, 4)]);
        foreach (int size in Sizes)
            yield return new($"LogSigmoid of {size}", x => x[0].LogSigmoid(), [V([size], -5, 5)]);
        yield return new("LogSigmoid of nothing", x => x[0].LogSigmoid(), [V([0, 3])]);
        yield return new("LogSigmoid of a scalar", x => x[0].LogSigmoid(), [V([], -5, 5)]);
    }

    private static IEnumerable<OperationCase> Extrema()
    {
        foreach (int size in Sizes)
        {
            yield return new($"Max last axis of {size}", x => x[0].Max(^1), [V([3, size])]);
            yield return new($"Min first axis of {size}", x => x[0].Min(0), [V([size, 3])]);
            yield return new($"Variance first axis of {size + 1}", x => x[0].Variance(0), [V([size + 1, 3])]);
            yield return new(
                $"Variance last axis of {size + 1}", x => x[0].Variance(^1, unbiased: false), [V([3, size + 1])]);
        }

        yield return new("Max kept", x => x[0].Max(1, keepAxis: true), [V([2, 3, 5])]);
        yield return new("Min kept", x => x[0].Min(^2, keepAxis: true), [V([2, 3, 5])]);
        yield return new("Max of all", x => x[0].Max(), [V([2, 3])]);
        yield return new("Min of all", x => x[0].Min(), [V([2, 3])]);
        yield return new("Max of a scalar", x => x[0].Max(), [V([])]);
        yield return new("Max of no rows", x => x[0].Max(^1), [V([0, 3])]);
        yield return new("Min of no rows", x => x[0].Min(^1), [V([0, 3])]);
        yield return new("Variance kept", x => x[0].Variance(1, keepAxis: true), [V([2, 3, 5])]);
        yield return new("Variance of no rows", x => x[0].Variance(1), [V([0, 3])]);
    }

    private static IEnumerable<OperationCase> Choices()
    {
        foreach (int axis in (int[])[0, 1, 2])
        {
            yield return new(
                $"Stack {axis}", x => Tensor.Stack(axis, x), [V([2, 3]), V([2, 3], seed: 2), V([2, 3], seed: 3)]);
            yield return new($"CumSum {axis}", x => x[0].CumSum(axis), [V([2, 3, 4])]);
            yield return new($"IndexSelect {axis}", x => x[0].IndexSelect(axis, 1, 0, 1, 1), [V([2, 3, 4])]);
            Shape shape = Shape.Create([2, 3, 4]).With(axis, 5);
            Tensor indices = (V(shape, 0, 2, seed: 8) - 1e-6).Floor();
            yield return new($"Gather {axis}", x => x[0].Gather(axis, indices), [V([2, 3, 4])]);
        }

        Tensor same = V([3]);
        yield return new("Stack of scalars", x => Tensor.Stack(0, x), [V([]), V([], seed: 2)]);
        yield return new("Stack of one tensor twice", x => Tensor.Stack(^1, x), [same, same]);
        yield return new("Stack of nothing", x => Tensor.Stack(1, x), [V([2, 0]), V([2, 0])]);
        yield return new("CumSum of columns", x => x[0].CumSum(^2), [V([3, 67])]);
        yield return new("CumSum of nothing", x => x[0].CumSum(^1), [V([2, 0])]);
        yield return new("Gather of nothing", x => x[0].Gather(^1, Tensor.Zeros([2, 0])), [V([2, 3])]);
        yield return new("IndexSelect of nothing", x => x[0].IndexSelect(^1), [V([2, 3])]);
        yield return new("Part of a run", x => x[0][1..3], [V([4, 3])]);
        yield return new("Part of every axis", x => x[0][..^1, 1, ^2..], [V([3, 2, 4])]);
        yield return new("Part that is an element", x => x[0][^1, 0], [V([2, 3])]);
        yield return new("Part without elements", x => x[0][2..2], [V([3, 2])]);
        yield return new("Part that is everything", x => x[0][..], [V([3, 2])]);
    }
}
