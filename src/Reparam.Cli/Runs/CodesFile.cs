using System.Globalization;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>The codes of a file that <c>encode</c> wrote, or of any array [N, Z].</summary>
/// <param name="Z">The codes [N, Z].</param>
/// <param name="Lead">The columns of a text file that say which data point a code is of.</param>
/// <param name="Labels">The labels of the codes as texts; null if the file has none.</param>
/// <param name="LabelsAreNumbers">Whether the labels are the numbers of classes and no names.</param>
internal sealed record CodesFile(
    Tensor Z, IReadOnlyList<LeadColumn> Lead, IReadOnlyList<string>? Labels, bool LabelsAreNumbers)
{
    /// <summary>The column of labels in text files.</summary>
    public const string Label = "label";

    // A normal prior never gives such a number, so it is a mistake in the file. Exponentials of it would overflow in
    // Float32.
    private const double LargestLatent = 1e3;

    // The tolerance for sums of Float32 probabilities, or of numbers that were written with four digits.
    private const double Rounding = 1e-3;

    /// <summary>The name of a component in a text file.</summary>
    public static string Component(int index) => FormattableString.Invariant($"z{index}");

    /// <summary>Reads an .npy or .npz file, or a text file with the columns z0, z1, ...</summary>
    /// <exception cref="InvalidDataFileException">The file does not hold codes of the model.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static CodesFile Read(string path, LatentVariableModel model)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no file of latent vectors '{path}'. '{ReparamProgram.Name} encode' writes such a file.",
                path);
        }

        if (TableFiles.IsTable(path) && TableFiles.Open(path, FileFormats.All) is { Format.HasHeader: true } source)
            return OfTable(source, model);
        int latent = model.LatentShape.Size;
        LabelledArray file = DataFile.ReadLabelled(path);
        NumericArray array = file.Data;
        if (array.Shape.Rank != 2 || array.Shape[1] != latent || array.Shape[0] == 0)
        {
            throw new InvalidDataFileException(path, $"it holds an array of shape {array.Shape}, but the model takes " +
                $"latent vectors [N, {latent}] with N of at least 1.");
        }

        string[]? labels = file.Labels is { } given
            ? Array.ConvertAll(given.ToFloat32(), l => l.ToString(CultureInfo.InvariantCulture)) : null;
        return new CodesFile(Valid(path, array.ToFloat32(), model), [], labels, LabelsAreNumbers: true);
    }

    private static CodesFile OfTable(TableSource source, LatentVariableModel model)
    {
        int latent = model.LatentShape.Size;
        int[] places = [.. Enumerable.Range(0, latent).Select(j => source.Columns.ToList().IndexOf(Component(j)))];
        if (Array.IndexOf(places, -1) is >= 0 and var missing)
        {
            throw new InvalidDataFileException(source.Name, $"it has no column '{Component(missing)}', but the model " +
                $"takes latent vectors in the columns z0 to {Component(latent - 1)}.");
        }

        if (source.Columns.Contains(Component(latent)))
        {
            throw new InvalidDataFileException(source.Name, $"it has a column '{Component(latent)}', but the latent " +
                $"vectors of the model end with {Component(latent - 1)}; take the codes of this run.");
        }

        var reader = new Reader(source, places);
        source.Read(reader);
        if (reader.Values.Count == 0) throw new InvalidDataFileException(source.Name, "it has no rows of codes.");
        List<LeadColumn> lead = [];
        IReadOnlyList<string>? labels = null;
        foreach ((int place, List<string> cells) in reader.Others)
        {
            if (source.Columns[place] == Label) labels = cells;
            else lead.Add(new LeadColumn(source.Columns[place], i => cells[i]));
        }

        return new CodesFile(Valid(source.Name, [.. reader.Values], model), lead, labels, LabelsAreNumbers: false);
    }

    private static Tensor Valid(string path, float[] values, LatentVariableModel model)
    {
        int latent = model.LatentShape.Size;
        for (int i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i]) <= LargestLatent))
            {
                throw new InvalidDataFileException(
                    path, string.Create(CultureInfo.InvariantCulture, $"component {i % latent} of vector " +
                    $"{i / latent} is {values[i]}. Components must be finite, and at most {LargestLatent} in size."));
            }
        }

        for (int n = 0; n < values.Length / latent; n++)
        {
            if (Problem(model, values.AsSpan(n * latent, latent)) is { } problem)
            {
                throw new InvalidDataFileException(
                    path, FormattableString.Invariant($"vector {n} is not a code of this model: {problem}."));
            }
        }

        return Tensor.From(values, [values.Length / latent, latent]);
    }

    /// <summary>Why a vector can be neither a draw of the latents nor a mean of draws; null where it can be one of
    /// these.</summary>
    private static string? Problem(LatentVariableModel model, ReadOnlySpan<float> z)
    {
        if (model.Space == LatentSpace.Euclidean) return null;
        if (model.Space == LatentSpace.Spherical)
        {
            double length = Math.Sqrt(z.ToArray().Sum(c => (double)c * c));
            return length <= 1 + Rounding ? null : FormattableString.Invariant(
                $"its length is {length:G4}, but codes lie on a sphere of radius 1 and their means lie inside it");
        }

        // A Bernoulli variable is a probability. The probabilities of a one-hot variable sum to 1.
        Shape part = model.DiscreteShape;
        int discrete = part.Size, outcomes = part.Rank == 2 ? part[1] : 0;
        for (int i = 0; i < discrete; i++)
        {
            if (!(z[i] >= 0 && z[i] <= 1 + Rounding))
                return FormattableString.Invariant($"component {i} is {z[i]}, but it must lie between 0 and 1");
        }

        for (int start = 0; outcomes > 0 && start < discrete; start += outcomes)
        {
            double sum = z.Slice(start, outcomes).ToArray().Sum(p => (double)p);
            if (!(Math.Abs(sum - 1) <= Rounding))
            {
                return string.Create(CultureInfo.InvariantCulture, $"components {start} to {start + outcomes - 1} " +
                    $"are the probabilities of one variable; they sum to {sum:G4} instead of 1");
            }
        }

        return null;
    }

    private sealed class Reader : ITableSink
    {
        private readonly TableSource _source;
        private readonly int[] _places;
        private readonly Dictionary<int, List<string>> _others;
        private readonly float[] _row;
        private int _count;

        public Reader(TableSource source, int[] places)
        {
            (_source, _places, _row) = (source, places, new float[places.Length]);
            _others = Enumerable.Range(0, source.Columns.Count).Except(places).ToDictionary(
                place => place, _ => new List<string>());
        }

        public List<float> Values { get; } = [];

        /// <summary>The cells of the other columns, in the order of the file.</summary>
        public IEnumerable<(int Place, List<string> Cells)> Others =>
            _others.OrderBy(other => other.Key).Select(other => (other.Key, other.Value));

        public void Cell(int column, ReadOnlySpan<char> text)
        {
            if (_others.TryGetValue(column, out List<string>? cells))
            {
                cells.Add(text.ToString());
                return;
            }

            if (!_source.Format.TryNumber(text, out double value))
            {
                throw new InvalidDataFileException(_source.Name, string.Create(CultureInfo.InvariantCulture,
                    $"cell '{text}' of column '{_source.Columns[column]}' in row {_count + 1:N0} is no number."));
            }

            _row[Array.IndexOf(_places, column)] = (float)value;
        }

        public void EndRow()
        {
            Values.AddRange(_row);
            _count++;
        }
    }
}
