using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Standardisation z = (x - mean) / scale of each element, and its inverse. Standardised data have mean 0 and variance
/// 1, which suits the initial weights and learning rates of networks. Means and scales are fitted to the training data
/// and applied to all data. The density of z differs from the density of x: log p(x) = log p(z) -
/// <see cref="LogScale"/>.
/// </summary>
public sealed class Standardization
{
    // Relative to the mean: a column with one constant value may vary by this much through rounding.
    private const double Rounding = 1e-7;

    private readonly double[] _mean, _scale;

    private Standardization(Shape eventShape, double[] mean, double[] scale)
    {
        EventShape = eventShape;
        (_mean, _scale) = (mean, scale);
        foreach (double s in scale) LogScale += PortableMath.Log(s);
    }

    /// <summary>The shape of one data point.</summary>
    public Shape EventShape { get; }

    /// <summary>The mean that is subtracted from each element.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>The scale by which each element is then divided: its standard deviation, or 1 if the element is
    /// constant.</summary>
    public IReadOnlyList<double> Scale => _scale;

    /// <summary>
    /// The sum of the logarithms of the scales, in nats per data point: log p(x) = log p(z) - LogScale, with x the
    /// original and z the standardised data.
    /// </summary>
    public double LogScale { get; }

    /// <summary>Computes means and standard deviations (with 1/N) over a data set, in double precision.</summary>
    /// <param name="train">The training data only. Held-out data must not influence training.</param>
    /// <param name="byChannel">Whether all pixels of a channel share a mean and a scale. Data of shape [height, width]
    /// have one channel.</param>
    /// <param name="constant">The number of elements (or channels) that are constant and keep a scale of 1.</param>
    /// <exception cref="ArgumentException">Channels are requested, and data of this shape are not images.</exception>
    public static Standardization Fit(Dataset train, bool byChannel, out int constant)
    {
        ArgumentNullException.ThrowIfNull(train);
        Shape shape = train.EventShape;
        if (byChannel && shape.Rank is not (2 or 3))
        {
            throw new ArgumentException($"Data of shape {shape} have no channels: images are [height, width] or " +
                "[channels, height, width].", nameof(byChannel));
        }

        int size = shape.Size, groups = !byChannel ? size : shape.Rank == 3 ? shape[0] : 1, each = size / groups;
        double[] mean = new double[groups], square = new double[groups];
        double count = (double)train.Count * each;
        // Two passes: the mean of the squares minus the square of the mean loses all digits if the mean is large.
        Pass((g, x) => mean[g] += x);
        for (int g = 0; g < groups; g++) mean[g] /= count;
        Pass((g, x) => square[g] += (x - mean[g]) * (x - mean[g]));
        constant = 0;
        double[] scale = new double[groups];
        for (int g = 0; g < groups; g++)
        {
            scale[g] = Math.Sqrt(square[g] / count);
            if (scale[g] > Rounding * Math.Abs(mean[g]) && double.IsNormal(scale[g])) continue;
            scale[g] = 1;
            constant++;
        }

        return new Standardization(shape, [.. Enumerable.Range(0, size).Select(j =>
            mean[j / each])], [.. Enumerable.Range(0, size).Select(j => scale[j / each])]);

        void Pass(Action<int, double> add) => train.ForEachRow(datum =>
        {
            for (int j = 0; j < datum.Length; j++) add(j / each, datum[j]);
        });
    }

    /// <summary>Computes means and standard deviations (with 1/N) over a data set. Constant elements keep a scale of
    /// 1.</summary>
    /// <param name="train">The training data only.</param>
    /// <param name="byChannel">Whether all pixels of a channel share a mean and a scale.</param>
    /// <exception cref="ArgumentException">Channels are requested, and data of this shape are not images.</exception>
    public static Standardization Fit(Dataset train, bool byChannel = false) => Fit(train, byChannel, out _);

    /// <summary>The standardised data, with their labels.</summary>
    /// <exception cref="ArgumentException">The shape of the data differs from <see cref="EventShape"/>.</exception>
    /// <exception cref="InvalidDataFileException">A number is so far from the training data that its standardised value
    /// is no Float32. Of streamed data, the number is found when its row is read.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.EventShape != EventShape)
        {
            throw new ArgumentException($"The standardisation was fitted to data of shape {EventShape}, and these " +
                $"have {data.EventShape}.", nameof(data));
        }

        if (data.Stream is { } rows)
            return Dataset.Streamed(data.Name, EventShape, new StandardizedRows(rows, this, data.Name));
        float[] values = new float[checked(data.Count * EventShape.Size)];
        data.CopyValues(0, data.Count, values);
        Apply(values, data.Name, 0);
        return Dataset.FromValues(data.Name, EventShape, values, data.Labels is { } labels ? labels.Span : [])
            .Named(data.Names, data.ClassNames);
    }

    /// <summary>Standardises whole data points in place.</summary>
    /// <param name="values">The data points.</param>
    /// <param name="name">The name of the data set, for messages.</param>
    /// <param name="first">The position of the first data point.</param>
    internal void Apply(Span<float> values, string name, int first)
    {
        for (int i = 0, j = 0; i < values.Length; i++)
        {
            float value = (float)((values[i] - _mean[j]) / _scale[j]);
            if (!float.IsFinite(value))
            {
                throw new InvalidDataFileException(name, FormattableString.Invariant(
                    $"element {j} of data point {first + i / _mean.Length} is {values[i]:G6}, and the training data ") +
                    FormattableString.Invariant($"have the mean {_mean[j]:G6} and the standard deviation ") +
                    FormattableString.Invariant($"{_scale[j]:G6} there: the standardised value is too large for ") +
                    "32-bit floats; correct or drop the data point.");
            }

            values[i] = value;
            if (++j == _mean.Length) j = 0;
        }
    }

    /// <summary>Converts standardised values, such as a decoder's means or draws, back to the units of the
    /// data.</summary>
    /// <param name="values">Values of shape [...] + <see cref="EventShape"/>.</param>
    /// <exception cref="ArgumentException">The shape of the values does not end with
    /// <see cref="EventShape"/>.</exception>
    public Tensor Undo(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank < EventShape.Rank || values.Shape[^EventShape.Rank..] != EventShape)
        {
            throw new ArgumentException($"The standardisation was fitted to data of shape {EventShape}, and the " +
                $"shape {values.Shape} of the values does not end with it.", nameof(values));
        }

        if (values.DType == DType.Float64) return Tensor.From([.. Enumerable.Range(0, values.Size).Select(i =>
            Back(i, values.At(i)))], values.Shape);
        return Tensor.From([.. Enumerable.Range(0, values.Size).Select(i =>
            (float)Back(i, values.At(i)))], values.Shape);
    }

    /// <summary>Writes means and scales as JSON. The file is written completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written. An older file of that name is unchanged.</exception>
    public void Save(string path)
    {
        var json = new JsonObject
        {
            ["shape"] = new JsonArray([.. EventShape.Select(e => JsonValue.Create(e))]),
            ["mean"] = new JsonArray([.. _mean.Select(m => JsonValue.Create(m))]),
            ["scale"] = new JsonArray([.. _scale.Select(s => JsonValue.Create(s))]),
        };
        AtomicFile.WriteAllText(path, json.ToJsonString() + "\n");
    }

    /// <summary>Reads a file of <see cref="Save"/>. The values are the same to the bit.</summary>
    /// <exception cref="InvalidModelException">The file is damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Standardization Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'; check the path.", path);
        try
        {
            JsonNode json = JsonNode.Parse(File.ReadAllText(path)) ?? throw new JsonException("it is empty");
            int[] extents = [.. json["shape"]!.AsArray().Select(e => (int)e!)];
            double[] mean = [.. json["mean"]!.AsArray().Select(m => (double)m!)],
                scale = [.. json["scale"]!.AsArray().Select(s => (double)s!)];
            Shape shape = Shape.Create(extents);
            return mean.Length == shape.Size && scale.Length == shape.Size && mean.All(double.IsFinite)
                && scale.All(s => s > 0 && double.IsFinite(s))
                ? new Standardization(shape, mean, scale)
                : throw new InvalidModelException(path, 0, $"it has {mean.Length} means and {scale.Length} scales " +
                    $"for data of shape {shape}, or a number that is not finite or a scale that is not positive; " +
                    "the file is damaged.");
        }
        catch (Exception failure) when (failure is JsonException or NullReferenceException or InvalidOperationException
            or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidModelException(
                path, 0, "it does not hold the means and scales of a standardisation; the file is damaged.", failure);
        }
    }

    private double Back(int index, double value)
    {
        int j = index % _mean.Length;
        return value * _scale[j] + _mean[j];
    }
}
