using System.Globalization;
using Reparam.Training;

namespace Reparam.Cli.Display;

/// <summary>The line of an epoch, with as many numbers as fit into the width, and an explanation of each
/// number.</summary>
internal sealed class EpochLine
{
    private const string Gap = "  ", BestMark = "*";

    private readonly string _head;
    private readonly List<Field> _fields = [];

    /// <param name="report">The epoch.</param>
    /// <param name="epochs">The epochs of the run.</param>
    /// <param name="bound">The name of the score: ELBO, bound or objective.</param>
    /// <param name="units">The number of latent units of the model.</param>
    public EpochLine(EpochReport report, int epochs, string bound, int units)
    {
        string total = epochs.ToString(CultureInfo.InvariantCulture);
        _head = $"epoch {report.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(total.Length)}/{total}";
        BoundMeans train = report.Train;
        Add(1, bound, Number(train.Bound), ScoreMeaning(bound));
        if (report.Validation is { } v)
        {
            string mark = report.IsBest ? BestMark : "";
            Add(2, "val", Number(v.Bound) + mark,
                "the score of data not used in training; * marks the best epoch so far");
        }

        // With labelled data or uncertain weights, the score has more parts.
        bool isSum = Math.Abs(train.Bound - (train.Reconstruction - train.KL)) < 0.005;
        Add(4, "rec", Number(train.Reconstruction),
            "reconstruction: how well the decoder rebuilds the data from codes");
        Add(3, "KL", Number(train.KL),
            $"the cost of codes that differ from the prior{(isSum ? $"; {bound} = rec - KL" : "")}");
        if (report.WeightsKL is { } weights)
            Add(5, "weights' KL", Number(weights), "the cost of the weights: how far they are from their prior");
        if (report.Aggregate is { } a)
        {
            (string more, string less) = a.IsSaturated ? (">", "<") : ("", "");
            Add(7, "MI", more + Short(a.MutualInformation),
                "mutual information: how much a code tells about its data; 0: nothing");
            Add(9, "marginal KL", less + Short(a.MarginalKL),
                "how far the codes of all data together are from the prior");
        }

        if (units > 0)
        {
            Add(6, "active", Invariant($"{report.ActiveUnits}/{units}"),
                "units of the code in use (different for different data), of all units");
        }

        if (report.KLByLatent.Count > 1)
        {
            string layers = string.Join(", ", report.KLByLatent.Select(l => $"{l.Name} {Number(l.KL)}"));
            Add(8, "KL of", layers, "the cost of the code of each layer");
        }

        Add(10, "", Invariant($"{report.ImagesPerSecond:N0} data/s"), "");
    }

    /// <summary>The line, with at most <paramref name="width"/> characters.</summary>
    public string Text(int width) => string.Concat(Fitting(width).Select(f => Gap + f.Text).Prepend(_head));

    /// <summary>The lines that explain the numbers which fit into this width.</summary>
    public IEnumerable<string> Explanation(int width)
    {
        Field[] explained = [.. Fitting(width).Where(f => f.Meaning.Length > 0)];
        int label = explained.Max(f => f.Label.Length) + Gap.Length;
        return explained.SelectMany(f => TableLayout.Wrap(f.Meaning, Math.Max(width - Gap.Length - label, 1))
            .Select((line, i) => Gap + (i == 0 ? f.Label : "").PadRight(label) + line));
    }

    /// <summary>The fields that fit, in the order of the line. Fields of lower rank are taken first.</summary>
    private Field[] Fitting(int width)
    {
        // Room for the mark is always kept, so that the same fields are shown with and without it.
        int left = width - _head.Length - BestMark.Length;
        HashSet<Field> taken = [];
        foreach (Field field in _fields.OrderBy(f => f.Rank))
        {
            left -= Gap.Length + field.Text.TrimEnd('*').Length;
            if (left < 0) break;
            taken.Add(field);
        }

        return [.. _fields.Where(taken.Contains)];
    }

    private void Add(int rank, string label, string text, string meaning) =>
        _fields.Add(new Field(rank, label, label.Length == 0 ? text : $"{label} {text}", meaning));

    private static string ScoreMeaning(string bound) => bound == "ELBO"
        ? "evidence lower bound: the score, in nats per datum; training raises it"
        : "the score, in nats per datum; training raises it";

    /// <summary>About four digits. All digits are in metrics.jsonl.</summary>
    private static string Number(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "F2" : "F1", CultureInfo.InvariantCulture);

    private static string Short(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private static string Invariant(InvariantText text) => text.Take();

    private sealed record Field(int Rank, string Label, string Text, string Meaning);
}
