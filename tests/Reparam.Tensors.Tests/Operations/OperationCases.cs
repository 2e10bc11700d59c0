namespace Reparam.Tensors.Tests.Operations;

/// <summary>One differentiable function with inputs to check it at.</summary>
/// <param name="Name">The operation and what is special about the case.</param>
/// <param name="Function">The operation.</param>
/// <param name="Inputs">Float64 inputs, away from kinks.</param>
public sealed record OperationCase(string Name, Func<Tensor[], Tensor> Function, Tensor[] Inputs)
{
    public override string ToString() => Name;
}

/// <summary>Every operation of Tensor: a new one adds its lines here and has its whole contract.</summary>
public static partial class OperationCases
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 7, 17, 33];

    public static IReadOnlyList<OperationCase> All { get; } =
    [
        .. Elementwise(), .. Binary(), .. Reductions(), .. Products(), .. Convolutions(), .. Shapes(), .. Matrices(),
        .. Images(), .. Norms(), .. Attention(), .. Composite(), .. Powers(), .. Extrema(), .. Choices(),
    ];

    private static Tensor V(Shape shape, double low = -2, double high = 2, ulong seed = 1) =>
        Testing.GradientCheck.Values(shape, low, high, seed);

    private static IEnumerable<OperationCase> Elementwise()
    {
        (string Name, Func<Tensor, Tensor> Function, double Low, double High)[] functions =
        [
            ("Exp", x => x.Exp(), -2, 2), ("ExpM1", x => x.ExpM1(), -2, 2), ("Log", x => x.Log(), 0.1, 4),
            ("LogP1", x => x.LogP1(), -0.9, 3),
            ("Sin", x => x.Sin(), -4, 4), ("Cos", x => x.Cos(), -4, 4), ("Atan", x => x.Atan(), -4, 4),
            ("LogBesselI", x => x.LogBesselI(0), 0.1, 30), ("LogBesselI of order 2.5", x => x.LogBesselI(2.5), 0.2, 30),
            ("LogBesselIReduced", x => x.LogBesselIReduced(0.5), 0.1, 30),
            ("BesselIRatioSlope", x => x.BesselIRatioSlope(0.5), 0.1, 5),
            ("BesselIRatio", x => x.BesselIRatio(0), 0.1, 5), ("BesselIRatio of order 41", x => x.BesselIRatio(41), 1,
                90), ("Tanh", x => x.Tanh(), -3, 3), ("Erf", x => x.Erf(), -2, 2),
            ("Sigmoid", x => x.Sigmoid(), -5, 5), ("SoftPlus", x => x.SoftPlus(), -5, 5),
            ("Relu", x => x.Relu(), -2, 2),
            ("LeakyRelu", x => x.LeakyRelu(0.2), -2, 2), ("Silu", x => x.Silu(), -4, 4), ("Gelu", x => x.Gelu(), -4, 4),
            ("Abs", x => x.Abs(), -2, 2), ("Square", x => x.Square(), -2, 2), ("Sqrt", x => x.Sqrt(), 0.1, 4),
            ("Reciprocal", x => x.Reciprocal(), 0.3, 3), ("Negate", x => -x, -2, 2),
            ("Clamp", x => x.Clamp(-0.5, 1.25), -1.3, 1.3),
            ("Affine", x => x.Affine(3, -0.5), -2, 2), ("LogGamma", x => x.LogGamma(), 0.2, 5),
            ("GammaEntropy", x => x.GammaEntropy(), 0.3, 14), ("Digamma", x => x.Digamma(), 0.3, 5),
            ("NormalCdf", x => x.NormalCdf(), -3, 3),
            ("LogNormalCdf", x => x.LogNormalCdf(), -15, 3), ("NormalQuantile", x => x.NormalQuantile(), 0.02, 0.98),
            ("NormalQuantileOfLog", x => x.NormalQuantileOfLog(), -80, -0.05),
            ("Scalar minus", x => 2 - x, -2, 2), ("Scalar over", x => 2 / x, 0.3, 3),
            ("Over scalar", x => x / 7, -2, 2),
        ];
        foreach (var (name, function, low, high) in functions)
        {
            foreach (int size in Sizes)
                yield return new($"{name} of {size}", x => function(x[0]), [V([size], low, high)]);
            yield return new($"{name} of nothing", x => function(x[0]), [V([0, 3])]);
            yield return new($"{name} of a scalar", x => function(x[0]), [V([], low, high)]);
        }
    }

    private static IEnumerable<OperationCase> Binary()
    {
        (string Name, Func<Tensor, Tensor, Tensor> Function)[] functions =
        [
            ("Add", (a, b) => a + b), ("Subtract", (a, b) => a - b), ("Multiply", (a, b) => a * b),
            ("Divide", (a, b) => a / b),
            ("Maximum", Tensor.Maximum), ("Minimum", Tensor.Minimum),
        ];
        (Shape A, Shape B)[] shapes = [([5], [5]), ([3, 7], [7]), ([7], [3, 7]), ([3, 1], [1, 5]), ([2, 3, 5], [3, 1]),
            ([], [4]), ([4], []), ([0, 3], [3]), ([2, 1, 3], [4, 1]), ([17, 33], [17, 33])];
        foreach (var (name, function) in functions)
        {
            foreach (var (a, b) in shapes)
                yield return new($"{name} {a} {b}", x => function(x[0], x[1]), [V(a, 0.2, 2, 3), V(b, 0.21, 1.99, 4)]);
        }

        foreach (var (a, b) in shapes)
        {
            yield return new($"BernoulliLogProb {a} {b}", x => Tensor.BernoulliLogProb(x[0], x[1]),
                [V(a, 0.2, 2, 3), V(b, 0.1, 0.9, 4)]);
        }

        // Densities summed over an event: full shapes, operands whose rows repeat, operands that have to be expanded,
        // rows longer than a block.
        (Shape A, Shape B, int Axes)[] events =
            [([3, 7], [3, 7], 1), ([2, 3, 5], [3, 5], 1), ([2, 3, 5], [5], 2), ([4, 3], [4, 1], 1), ([3], [2, 3], 1),
            ([0, 3], [3], 1), ([2, 4100], [4100], 1), ([2, 3], [], 0), ([2, 1, 33], [4, 33], 1)];
        foreach (var (a, b, axes) in events)
        {
            yield return new($"BernoulliLogProb over {axes} {a} {b}", x => Tensor.BernoulliLogProb(x[0], x[1], axes),
                [V(a), V(b, 0.1, 0.9, 2)]);
            yield return new($"NormalLogProb over {axes} {a} {b}", x => Tensor.NormalLogProb(x[0], x[1], x[2], axes),
                [V(a), V(b, -1, 1, 2), V(b, -0.5, 0.5, 3)]);
            yield return new($"NormalKL over {axes} {a} {b}", x => Tensor.NormalKL(x[0], x[1], x[2], x[3], axes),
                [V(a), V(a, -0.5, 0.5, 2), V(b, -1, 1, 3), V(b, -0.5, 0.5, 4)]);
        }

        foreach (Shape samples in new Shape[] { [], [3], [2, 3] })
        {
            yield return new($"NormalSample {samples}", x => Tensor.NormalSample(
                x[0], x[1], new Rng(5), samples, samples.Rank), [V([4, 5]), V([4, 5], 0.2, 2, 2)]);
        }

        foreach (var (a, b) in shapes)
        {
            yield return new($"LogBeta {a} {b}", x => Tensor.LogBeta(x[0], x[1]), [V(a, 0.2, 4, 3), V(b, 0.3, 12, 4)]);
            yield return new($"LogGammaDensity {a} {b}", x => Tensor.LogGammaDensity(x[0], x[1]),
                [V(a, 0.2, 4, 3), V(b, 0.1, 5, 4)]);
            yield return new($"LogGammaDivergence {a} {b}", x => Tensor.LogGammaDivergence(x[0], x[1]),
                [V(a, 0.3, 14, 3), V(b, 0.2, 15, 4)]);
            yield return new($"DigammaDifference {a} {b}", x => Tensor.DigammaDifference(x[0], x[1]),
                [V(a, 0.2, 14, 3), V(b, 0.1, 5, 4)]);
            yield return new($"RegularizedGammaP {a} {b}", x => Tensor.RegularizedGammaP(x[0], x[1]),
                [V(a, 0.2, 4, 3), V(b, 0.1, 5, 4)]);
            yield return new(
                $"VonMisesCdf {a} {b}", x => Tensor.VonMisesCdf(x[0], x[1]), [V(a, 0.2, 4, 3), V(b, -2.5, 2.5, 4)]);
            yield return new($"VonMisesQuantile {a} {b}", x => Tensor.VonMisesQuantile(x[0], x[1]),
                [V(a, 0.2, 4, 3), V(b, 0.05, 0.95, 4)]);
            yield return new($"VonMisesFisherQuantile {a} {b}", x => Tensor.VonMisesFisherQuantile(4, x[0], x[1]),
                [V(a, 0.2, 4, 3), V(b, 0.05, 0.95, 4)]);
            yield return new($"LogRegularizedGammaP {a} {b}", x => Tensor.LogRegularizedGammaP(x[0], x[1]),
                [V(a, 0.2, 4, 3), V(b, 0.1, 5, 4)]);
            yield return new($"LogRegularizedGammaQ {a} {b}", x => Tensor.LogRegularizedGammaQ(x[0], x[1]),
                [V(a, 0.2, 4, 3), V(b, 0.1, 5, 4)]);
            yield return new($"GammaQuantileUpper {a} {b}", x => Tensor.GammaQuantileUpper(x[0], x[1]),
                [V(a, 0.2, 4, 3), V(b, 0.05, 0.95, 4)]);
            yield return new($"GammaQuantile {a} {b}", x => Tensor.GammaQuantile(x[0], x[1]),
                [V(a, 0.2, 4, 3), V(b, 0.05, 0.95, 4)]);
        }

        (Shape A, Shape B, Shape C)[] triples = [([5], [5], [5]), ([3, 1], [4], []), ([2, 3], [3], [2, 1]),
            ([], [], [4]), ([0, 3], [3], []), ([7, 5], [7, 5], [7, 5])];
        foreach (var (a, b, c) in triples)
        {
            yield return new($"LogBetaDensity {a} {b} {c}", x => Tensor.LogBetaDensity(x[0], x[1], x[2]),
                [V(a, 0.3, 6, 3), V(b, 0.3, 9, 4), V(c, 0.05, 0.95, 5)]);
            yield return new($"RegularizedBeta {a} {b} {c}", x => Tensor.RegularizedBeta(x[0], x[1], x[2]),
                [V(a, 0.3, 6, 3), V(b, 0.3, 9, 4), V(c, 0.05, 0.95, 5)]);
            yield return new($"LogRegularizedBeta {a} {b} {c}", x => Tensor.LogRegularizedBeta(x[0], x[1], x[2]),
                [V(a, 0.3, 6, 3), V(b, 0.3, 9, 4), V(c, 0.05, 0.95, 5)]);
            yield return new(
                $"LogRegularizedBetaComplement {a} {b} {c}", x => Tensor.LogRegularizedBetaComplement(x[0], x[1], x[2]),
                [V(a, 0.3, 6, 3), V(b, 0.3, 9, 4), V(c, 0.05, 0.95, 5)]);
            yield return new(
                $"BetaQuantileComplement {a} {b} {c}", x => Tensor.BetaQuantileComplement(x[0], x[1], x[2]),
                [V(a, 0.4, 6, 3), V(b, 0.4, 9, 4), V(c, 0.05, 0.9, 5)]);
            yield return new($"BetaQuantile {a} {b} {c}", x => Tensor.BetaQuantile(x[0], x[1], x[2]),
                [V(a, 0.4, 6, 3), V(b, 0.4, 9, 4), V(c, 0.05, 0.9, 5)]);
        }

        Tensor same = V([5], 0.2, 2);
        yield return new("x * x", x => x[0] * x[1], [same, same]);
        yield return new("fan-out", x => x[0] * x[0] + x[0].Exp() / x[0], [V([5], 0.2, 2)]);
    }

    private static IEnumerable<OperationCase> Reductions()
    {
        foreach (int size in Sizes)
        {
            yield return new($"Sum of {size}", x => x[0].Sum(), [V([size])]);
            yield return new($"Sum last axis of {size}", x => x[0].Sum(^1), [V([3, size])]);
            yield return new($"Sum first axis of {size}", x => x[0].Sum(0), [V([size, 3])]);
            yield return new($"LogSumExp last axis of {size}", x => x[0].LogSumExp(^1), [V([3, size])]);
            yield return new($"LogSumExp first axis of {size}", x => x[0].LogSumExp(0), [V([size, 3])]);
        }

        yield return new("Sum middle axis kept", x => x[0].Sum(1, keepAxis: true), [V([2, 3, 5])]);
        yield return new("SumFrom", x => x[0].SumFrom(1), [V([2, 3, 5])]);
        yield return new("SumFrom the end", x => x[0].SumFrom(^0), [V([2, 3])]);
        yield return new("Mean", x => x[0].Mean(), [V([2, 3])]);
        yield return new("Mean axis", x => x[0].Mean(0), [V([4, 3])]);
        yield return new("Sum over nothing", x => x[0].Sum(0), [V([0, 3])]);
        yield return new("SoftMax", x => x[0].SoftMax(^1), [V([3, 5])]);
        yield return new("SoftMaxWeights", x => x[0].SoftMaxWeights(^1), [V([3, 5])]);
        yield return new("LogSumExp kept", x => x[0].LogSumExp(1, keepAxis: true), [V([2, 3, 4])]);
    }

    private static IEnumerable<OperationCase> Shapes()
    {
        yield return new("Reshape", x => x[0].Reshape([3, 4]), [V([2, 6])]);
        yield return new("Flatten", x => x[0].Flatten(1), [V([2, 3, 5])]);
        yield return new("BroadcastTo", x => x[0].BroadcastTo([4, 2, 3]), [V([2, 1])]);
        yield return new("Permute", x => x[0].Permute(2, 0, 1), [V([2, 3, 5])]);
        yield return new("Transpose", x => x[0].Transpose(), [V([7, 3])]);
        yield return new("Slice", x => x[0].Slice(1, 2, 3), [V([2, 7, 3])]);
        yield return new("Slice of nothing", x => x[0].Slice(0, 1, 0), [V([3, 2])]);
        yield return new("Halves", x => x[0].Halves(^1).First * x[0].Halves(^1).Second.Exp(), [V([3, 6])]);
        yield return new(
            "Concat", x => Tensor.Concat(1, x[0], x[1], x[2]), [V([2, 3]), V([2, 1], seed: 2), V([2, 4], seed: 3)]);
        yield return new("To and back", x => x[0].To(DType.Float64), [V([3])]);
    }

    private static IEnumerable<OperationCase> Matrices()
    {
        // A symmetric positive-definite matrix out of any: x x^T + I.
        static Tensor Positive(Tensor x) => Tensor.BatchMatMul(x, x, false, true) + Tensor.Eye(x.Shape[^1], x.DType);
        foreach (Shape shape in (Shape[])[[1, 1], [2, 2], [5, 5], [3, 2, 2], [2, 2, 3, 3], [0, 3, 3], [17, 17]])
        {
            yield return new($"Tril {shape}", x => x[0].Tril(), [V(shape)]);
            yield return new($"Diagonal {shape}", x => x[0].Diagonal(), [V(shape)]);
            yield return new($"DiagonalMatrix {shape}", x => x[0].DiagonalMatrix(), [V(shape)]);
            yield return new($"Cholesky {shape}", x => Positive(x[0]).Cholesky(), [V(shape, -1, 1)]);
            foreach (bool transpose in (bool[])[false, true])
            {
                yield return new(
                    $"TriangularSolve {shape} {transpose}",
                    x => Tensor.TriangularSolve(x[0] + 3 * Tensor.Eye(x[0].Shape[^1], x[0].DType), x[1], transpose),
                    [V(shape, -1, 1), V(shape.With(^1, 3), seed: 2)]);
            }
        }

        yield return new("Tril below", x => x[0].Tril(-1), [V([3, 4])]);
        yield return new("Tril above", x => x[0].Tril(1), [V([4, 3])]);
        (Shape Condition, Shape A, Shape B)[] choices =
            [([5], [5], [5]), ([3, 1], [3, 5], [5]), ([4], [], [4]), ([2, 3, 1], [3, 4], [2, 1, 4]), ([0], [0], [])];
        foreach (var (condition, a, b) in choices)
        {
            Tensor chosen = Tensor.Less(V(condition, seed: 9), Tensor.Scalar(0.3, DType.Float64));
            yield return new(
                $"Where {condition} {a} {b}", x => Tensor.Where(chosen, x[0], x[1]), [V(a), V(b, seed: 2)]);
        }

        yield return new("Where a number",
            x => Tensor.Where(Tensor.Less(V([5], seed: 9), Tensor.Scalar(0.3, DType.Float64)), x[0], -1), [V([5])]);
    }

    private static IEnumerable<OperationCase> Composite()
    {
        yield return new("WithVjp", x => Tensor.WithVjp(x[0].Exp().Detach(), [x[0]], g => [g * x[0].Exp()]), [V([5])]);
        yield return new(
            "A small network", x => (Tensor.Linear(Tensor.Linear(x[0], x[1], x[2]).Tanh(), x[3]).SoftPlus() + x[0].Sum(
                ^1, keepAxis: true)).LogSumExp(^1),
            [V([5, 3]), V([7, 3], seed: 2), V([7], seed: 3), V([2, 7], seed: 4)]);
    }
}
