using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// z = (x - mean) / scale, element by element: brings real data to mean 0 and variance 1, where networks and their
/// first steps are made for, and back. Fitted to the training data and applied to all. A density of z is not
/// that of x: log p(x) = log p(z) - <see cref="LogScale"/>.
/// </summary>
public sealed class Standardization
{
    // Of the mean's size: what a column of one value may vary by through rounding alone.
    private const double Rounding = 1e-7;

    private readonly double[] _mean, _scale;

    private Standardization(Shape eventShape, double[] mean, double[] scale)
    {
        EventShape = eventShape;
        (_mean, _scale) = (mean, scale);
        foreach (double s in scale) LogScale += PortableMath.Log(s);
    }

    /// <summary>Shape of one datum.</summary>
    public Shape EventShape { get; }

    /// <summary>What is subtracted from each element.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>What each element is then divided by: its standard deviation, or 1 where it never changes.</summary>
    public IReadOnlyList<double> Scale => _scale;

    /// <summary>
    /// The sum of the logarithms of the scales, in nats per datum: log p(x) of the data as they are is log p(z) of the
    /// standardised less this.
    /// </summary>
    public double LogScale { get; }

    /// <summary>Means and standard deviations (with 1/N) over a set, in double.</summary>
    /// <param name="train">The training data, and no others: what is held out may not show in what is learnt
    /// from.</param>
    /// <param name="byChannel">Whether all pixels of a channel ([height, width] is one) share a mean and a
    /// scale.</param>
    /// <param name="constant">How many elements (or channels) never change, and keep a scale of 1.</param>
    /// <exception cref="ArgumentException">Channels are asked for, and data of this shape are no images.</exception>
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
        float[] datum = new float[size];
        double count = (double)train.Count * each;
        // Two passes: the mean of squares less the square of the mean loses all digits where the mean is large.
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

        void Pass(Action<int, double> add)
        {
            for (int i = 0; i < train.Count; i++)
            {
                train.CopyValues(i, 1, datum);
                for (int j = 0; j < size; j++) add(j / each, datum[j]);
            }
        }
    }

    /// <summary>Means and standard deviations over a set; elements that never change keep a scale of 1.</summary>
    /// <param name="train">The training data, and no others.</param>
    /// <param name="byChannel">Whether all pixels of a channel share a mean and a scale.</param>
    /// <exception cref="ArgumentException">Channels are asked for, and data of this shape are no images.</exception>
    public static Standardization Fit(Dataset train, bool byChannel = false) => Fit(train, byChannel, out _);

    /// <summary>The standardised data, with their labels.</summary>
    /// <exception cref="ArgumentException">The data have another shape.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.EventShape != EventShape)
        {
            throw new ArgumentException($"The standardisation was fitted to data of shape {EventShape}, and these " +
                $"have {data.EventShape}.", nameof(data));
        }

        float[] values = new float[checked(data.Count * EventShape.Size)];
        data.CopyValues(0, data.Count, values);
        for (int i = 0; i < values.Length; i++)
        {
            int j = i % _mean.Length;
            values[i] = (float)((values[i] - _mean[j]) / _scale[j]);
        }

        return Dataset.FromValues(data.Name, EventShape, values, data.Labels is { } labels ? labels.Span : []);
    }

    /// <summary>Standardised values, such as a decoder's means or draws, in the units of the data.</summary>
    /// <param name="values">[...] + <see cref="EventShape"/>.</param>
    /// <exception cref="ArgumentException">The values have another shape.</exception>
    public Tensor Undo(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank < EventShape.Rank || values.Shape[^EventShape.Rank..] != EventShape)
        {
            throw new ArgumentException($"The standardisation was fitted to data of shape {EventShape}, and values " +
                $"of shape {values.Shape} do not end so.", nameof(values));
        }

        if (values.DType == DType.Float64) return Tensor.From([.. Enumerable.Range(0, values.Size).Select(i =>
            Back(i, values.At(i)))], values.Shape);
        return Tensor.From([.. Enumerable.Range(0, values.Size).Select(i =>
            (float)Back(i, values.At(i)))], values.Shape);
    }

    /// <summary>Writes means and scales as JSON. The file appears whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written; an older file of that name is left as it
    /// was.</exception>
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

    /// <summary>Reads what <see cref="Save"/> wrote, to the bit.</summary>
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
                    $"for data of shape {shape}, or one that is not finite or not positive; the file is damaged.");
        }
        catch (Exception failure) when (failure is JsonException or NullReferenceException or InvalidOperationException
            or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidModelException(
                path, 0, "it is not the means and scales of a standardisation; the file is damaged.", failure);
        }
    }

    private double Back(int index, double value)
    {
        int j = index % _mean.Length;
        return value * _scale[j] + _mean[j];
    }
}
