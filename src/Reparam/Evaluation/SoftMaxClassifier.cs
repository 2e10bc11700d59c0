using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>
/// A small classifier of data, p(c|x): a multilayer perceptron with one hidden layer of rectified linear units and a
/// softmax. It is trained by Adam on the cross-entropy with a learning rate that falls linearly to 0. On MNIST it
/// reaches an accuracy of about 98 % in half a minute, which is enough to judge whether a generated data point looks
/// like its class. The same data, labels and stream of random numbers give the same bits.
/// </summary>
public sealed class SoftMaxClassifier : Module
{
    private const int BatchSize = 100, RowsAtOnce = 500;
    private const double Rate = 1e-3, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly Sequential _hidden;
    private readonly Linear _head;
    private readonly double _mean, _scale;

    private SoftMaxClassifier(int features, int classes, int hidden, double mean, double scale, Rng rng)
    {
        (Features, ClassCount, _mean, _scale) = (features, classes, mean, scale);
        _hidden = Child(
            "hidden", new Sequential(features, [hidden], Activation.Relu, Initializer.PyTorch, rng.Split("hidden")));
        _head = Child("head", new Linear(hidden, classes, Initializer.PyTorch, rng.Split("head")));
    }

    /// <summary>Number of elements of one data point.</summary>
    public int Features { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Trains a classifier.</summary>
    /// <param name="data">Data [N] + event, Float32.</param>
    /// <param name="labels">The class of each data point, from 0.</param>
    /// <param name="rng">Source of the initial weights and of the order of the data.</param>
    /// <param name="classes">Number of classes; 0 for the largest label plus one.</param>
    /// <param name="epochs">Number of passes over the data.</param>
    /// <param name="hidden">Width of the hidden layer.</param>
    /// <param name="progress">Receives the number of finished passes.</param>
    /// <param name="cancellation">Stops between steps, with an exception.</param>
    /// <exception cref="ArgumentException">There is not one label for each data point, or a label is not one of the
    /// classes.</exception>
    public static SoftMaxClassifier Fit(
        Tensor data, ReadOnlySpan<int> labels, Rng rng, int classes = 0, int epochs = 10, int hidden = 512,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hidden);
        if (data.Rank < 2 || data.Shape[0] == 0 || data.Shape[0] != labels.Length)
        {
            throw new ArgumentException($"Data [N] + event need one label each, not shape {data.Shape} and " +
                $"{labels.Length} labels.", nameof(data));
        }

        int known = Classes.CountOf(labels);
        if (classes == 0) classes = known;
        if (known > classes)
        {
            throw new ArgumentException(
                $"A label is {known - 1}, but the classes are 0 to {classes - 1}.", nameof(labels));
        }

        double mean = data.Mean().Item(), deviation = Math.Sqrt((data - mean).Square().Mean().Item());
        var classifier = new SoftMaxClassifier(
            data.Shape[1..].Size, classes, hidden, mean, deviation > 0 ? deviation : 1, rng.Split("weights"));
        classifier.Train(data.AsSpan<float>(), labels, rng.Split("order"), epochs, progress, cancellation);
        return classifier;
    }

    /// <summary>log p(c|x) of data [M] + event: [M, C].</summary>
    /// <exception cref="ArgumentException">The data points do not have <see cref="Features"/> elements.</exception>
    public Tensor LogProbs(Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Rank < 2 || data.Shape[1..].Size != Features)
            throw new ArgumentException($"A data point must have {Features} elements, not shape " +
                $"{data.Shape}.", nameof(data));
        Tensor logits = _head.Forward(
            _hidden.Forward(data.Reshape([data.Shape[0], Features]).Affine(1 / _scale, -_mean / _scale)));
        return logits - logits.LogSumExp(1, keepAxis: true);
    }

    /// <summary>The most probable class of each data point of [M] + event. The data are processed in blocks.</summary>
    public int[] Classify(Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] classes = new int[data.Shape[0]];
        for (int start = 0; start < classes.Length; start += RowsAtOnce)
        {
            using var scope = new TensorScope();
            int now = Math.Min(RowsAtOnce, classes.Length - start);
            Tensor best = LogProbs(data.Slice(0, start, now)).ArgMax(1);
            for (int i = 0; i < now; i++) classes[start + i] = (int)best.At(i);
        }

        return classes;
    }

    // Evaluation does not depend on the Training namespace, so this method does not use its optimiser. The update uses
    // the same kernel, and no state of it is saved.
    private void Train(ReadOnlySpan<float> data, ReadOnlySpan<int> labels, Rng order, int epochs,
        IProgress<int>? progress, CancellationToken cancellation)
    {
        Parameter[] parameters = [.. Parameters];
        Parameter[] first = [.. parameters.Select(Zeros)], second = [.. parameters.Select(Zeros)];
        int batches = (labels.Length + BatchSize - 1) / BatchSize, steps = epochs * batches, step = 0;
        double decay1 = 1, decay2 = 1;
        float[] rows = new float[BatchSize * Features], marks = new float[BatchSize];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            ReadOnlySpan<int> shuffled = order.At(epoch).Permutation(labels.Length);
            for (int start = 0; start < labels.Length; start += BatchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<int> chosen = shuffled.Slice(start, Math.Min(BatchSize, labels.Length - start));
                for (int i = 0; i < chosen.Length; i++)
                {
                    data.Slice(chosen[i] * Features, Features).CopyTo(rows.AsSpan(i * Features));
                    marks[i] = labels[chosen[i]];
                }

                using var tape = new GradientTape();
                Tensor target = Tensor.From(marks.AsSpan(0, chosen.Length), [chosen.Length]).OneHot(ClassCount);
                Tensor loss = -(LogProbs(
                    Tensor.From(rows.AsSpan(0, chosen.Length * Features), [chosen.Length, Features])) * target)
                    .Sum() / chosen.Length;
                Gradients gradients = tape.Gradients(loss, parameters);
                double rate = Rate * (1 - (double)step++ / steps);
                (decay1, decay2) = (decay1 * Beta1, decay2 * Beta2);
                for (int i = 0; i < parameters.Length; i++)
                {
                    ParameterUpdate.Adam(parameters[i], gradients[i], first[i], second[i], rate, Beta1, Beta2, Epsilon,
                        1 - decay1, 1 - decay2, decoupled: false);
                }
            }

            progress?.Report(epoch + 1);
        }
    }

    private static Parameter Zeros(Parameter like) => new(like.Name, Tensor.Zeros(like.Shape, like.Value.DType));
}
