using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>
/// A linear classifier: p(c|x) = softmax(W s(x) + b), where s scales each feature to mean 0 and variance 1 over the
/// points of the fit. W and b maximise the mean of log p(c|x) - decay/2 |W|^2. This function is concave and has one
/// maximum. The maximum is found by L-BFGS from 0 (Liu and Nocedal 1989); nothing is random.
/// </summary>
public sealed class LogisticRegression
{
    private const int MostSteps = 1000, Memory = 10;
    private const double Tolerance = 1e-6; // for the largest element of the gradient

    private readonly Tensor _mean, _scale, _weights;

    private LogisticRegression(Tensor mean, Tensor scale, Tensor weights, double loss) =>
        (_mean, _scale, _weights, Loss) = (mean, scale, weights, loss);

    /// <summary>The minimum of the loss: the mean of -log p(c|x) + decay/2 |W|^2.</summary>
    public double Loss { get; }

    /// <summary>Fits the classifier.</summary>
    /// <param name="points">Features [N, D].</param>
    /// <param name="labels">The class of each point, from 0.</param>
    /// <param name="decay">The weight of the penalty on W. It is above 0, so that the weights are finite even if the
    /// classes are linearly separable.</param>
    /// <exception cref="ArgumentException">The points are not a matrix, or there is not one label for each
    /// point.</exception>
    public static LogisticRegression Fit(Tensor points, ReadOnlySpan<int> labels, double decay = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decay);
        if (points.Rank != 2 || points.Shape[0] == 0 || points.Shape[0] != labels.Length)
        {
            throw new ArgumentException($"Points [N, D] need one label each, not shape {points.Shape} and " +
                $"{labels.Length} labels.", nameof(points));
        }

        int classes = Classes.CountOf(labels), features = points.Shape[1], count = labels.Length;
        points = points.To(DType.Float64);
        Tensor mean = points.Mean(0);
        // A constant feature has no information. It is divided by 1 instead of 0, so that it is 0.
        Tensor variance = (points - mean).Square().Mean(0);
        Tensor scale = Tensor.Where(
            Tensor.Less(variance, 1e-20), Tensor.Ones(variance.Shape, DType.Float64), variance.Sqrt());
        Tensor inputs = WithOne((points - mean) / scale);
        Tensor targets = Tensor.From(Array.ConvertAll(labels.ToArray(), label => (double)label), [labels.Length])
            .OneHot(classes);
        // The last column of the weights is b, which has no penalty.
        double[] penalised = new double[classes * (features + 1)];
        for (int i = 0; i < penalised.Length; i++) penalised[i] = i % (features + 1) == features ? 0 : decay;
        Tensor penalty = Tensor.From(penalised, [classes, features + 1]);
        (double[] weights, double loss) = Minimise(new double[penalised.Length], flat =>
        {
            using var scope = new TensorScope();
            Tensor w = Tensor.From(flat, penalty.Shape);
            Tensor logits = Tensor.MatMul(inputs, w, transposeB: true), total = logits.LogSumExp(1, keepAxis: true);
            double value = (total.Sum() - (logits * targets).Sum()).Item() / count + 0.5 * (penalty * w.Square())
                .Sum().Item();
            Tensor gradient = Tensor.MatMul((logits - total).Exp() - targets, inputs, transposeA: true) / count
                + penalty * w;
            return (value, gradient.ToArray<double>());
        });
        return new LogisticRegression(mean, scale, Tensor.From(weights, penalty.Shape), loss);
    }

    /// <summary>log p(c|x) for points [M, D]: [M, C], Float64.</summary>
    /// <exception cref="ArgumentException">The points are not a matrix with the number of features of the
    /// fit.</exception>
    public Tensor LogProbs(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Rank != 2 || points.Shape[1] != _mean.Size)
        {
            throw new ArgumentException(
                $"Points must be rows of {_mean.Size} features, not {points.Shape}.", nameof(points));
        }

        Tensor logits = Tensor.MatMul(WithOne((points.To(DType.Float64) - _mean) / _scale), _weights, transposeB: true);
        return logits - logits.LogSumExp(1, keepAxis: true);
    }

    /// <summary>The most probable class of each of the points [M, D].</summary>
    public int[] Classify(Tensor points) => Array.ConvertAll(LogProbs(points).ArgMax(1).ToArray<double>(), c => (int)c);

    private static Tensor WithOne(Tensor points) =>
        Tensor.Concat(1, points, Tensor.Ones([points.Shape[0], 1], points.DType));

    private static (double[] Point, double Value) Minimise(
        double[] x, Func<double[], (double Value, double[] Gradient)> function)
    {
        var history = new List<(double[] Step, double[] Change, double Product)>();
        (double value, double[] gradient) = function(x);
        for (int i = 0; i < MostSteps && gradient.Max(Math.Abs) > Tolerance; i++)
        {
            double[] direction = Direction(gradient, history);
            double slope = Dot(direction, gradient);
            // The step is halved until the value satisfies Armijo's condition. The loss is convex, so a first step of 1
            // is nearly always accepted.
            double length = history.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(-slope)) : 1;
            double[] next = Along(x, direction, length);
            (double nextValue, double[] nextGradient) = function(next);
            for (int halvings = 0; nextValue > value + 1e-4 * length * slope && halvings < 40; halvings++)
            {
                next = Along(x, direction, length *= 0.5);
                (nextValue, nextGradient) = function(next);
            }

            if (nextValue >= value) break; // the value cannot fall further at this precision
            double[] step = Along(next, x, -1), change = Along(nextGradient, gradient, -1);
            double product = Dot(step, change);
            if (product > 1e-14 * Dot(change, change)) history.Add((step, change, product));
            if (history.Count > Memory) history.RemoveAt(0);
            (x, value, gradient) = (next, nextValue, nextGradient);
        }

        return (x, value);
    }

    /// <summary>Minus the product of the gradient and the inverse Hessian, which is approximated from the last steps
    /// (the two-loop recursion).</summary>
    private static double[] Direction(double[] gradient, List<(double[] Step, double[] Change, double Product)> history)
    {
        double[] direction = Along(new double[gradient.Length], gradient, -1);
        double[] weights = new double[history.Count];
        for (int i = history.Count - 1; i >= 0; i--)
        {
            weights[i] = Dot(history[i].Step, direction) / history[i].Product;
            direction = Along(direction, history[i].Change, -weights[i]);
        }

        if (history.Count > 0)
        {
            (_, double[] change, double product) = history[^1];
            direction = Along(new double[gradient.Length], direction, product / Dot(change, change));
        }

        for (int i = 0; i < history.Count; i++)
        {
            double weight = Dot(history[i].Change, direction) / history[i].Product;
            direction = Along(direction, history[i].Step, weights[i] - weight);
        }

        return direction;
    }

    private static double[] Along(double[] from, double[] direction, double length)
    {
        double[] result = new double[from.Length];
        for (int i = 0; i < result.Length; i++) result[i] = from[i] + length * direction[i];
        return result;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
