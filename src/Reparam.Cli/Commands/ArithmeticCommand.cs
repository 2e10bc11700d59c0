using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Formats;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary>
/// <c>reparam arithmetic</c>: c + strength (a - b). Each of a, b and c is the code of a data point or the mean code of
/// a class. If a and b are mean codes, a - b is an attribute vector, which turns class b into class a (Larsen et al.
/// 2016). So attributes need no separate command.
/// </summary>
internal static class ArithmeticCommand
{
    private const string LabelPrefix = "label:";
    private const int CodesOfMeans = 10_000;

    private static readonly Option<string> A = Term("--a", "The code that is added", required: true);
    private static readonly Option<string> B = Term("--b",
        "The code that is subtracted (default where --a is label:L: the mean code of all other classes)",
        required: false);
    private static readonly Option<string> C = Term("--c", "The code that is changed", required: true);
    private static readonly Option<double> Strength = new("--strength")
    {
        Description = "How many times a - b is added to c.", DefaultValueFactory = _ => 1, HelpName = "S",
    };
    private static readonly Option<int> Steps = new("--steps")
    {
        Description = "Number of pictures on the way from c to the result, both included. 1 shows only the result.",
        DefaultValueFactory = _ => 1, HelpName = "N",
    };

    public static Command Create()
    {
        var command = new Command("arithmetic", "Decode c + strength (a - b): apply the difference between a and b " +
            "to c. Each is the code of a data point or the mean code of a class.");
        RunOptions.AddTo(command, [A, B, C, Strength, Steps, .. RunOptions.OfData, .. RunOptions.OfDecoding]);
        command.SetHandler(Run);
        return command;
    }

    private static Option<string> Term(string name, string role, bool required) =>
        new(name)
        {
            Description = $"{role}. Give the index of a data point, or label:L for the mean code of class L " +
                "(its name or its number) in the training data.", HelpName = "I|label:L", Required = required,
        };

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        double strength = parsed.GetValue(Strength);
        if (!(Math.Abs(strength) <= 1e3))
        {
            throw new InvalidConfigException(
                FormattableString.Invariant($"--strength must lie between -1000 and 1000, not {strength}."));
        }

        int steps = RunOptions.Within(parsed, Steps, 1, 1000);
        TrainedRun run = TrainedRun.Open(parsed);
        run.RequireLines("arithmetic");
        OutputFile output = OutputFile.For(parsed, run, "arithmetic");
        var terms = new Terms(run, parsed);
        Condition Given(int count) => Condition.Of(parsed, run, count);
        Given(1); // a missing condition is noticed before anything is encoded
        (string a, string c) = (parsed.GetValue(A)!, parsed.GetValue(C)!);
        (Tensor codeA, ShownData shownA) = terms.Of(A.Name, a, Given);
        string? b = parsed.GetValue(B);
        if (b is null && !a.StartsWith(LabelPrefix, StringComparison.Ordinal))
        {
            throw new InvalidConfigException(
                "--b is missing. Give the index of a data point or label:L; it is optional only where --a is label:L.");
        }

        (Tensor codeB, ShownData shownB) = b is null ? terms.Others(a, Given) : terms.Of(B.Name, b, Given);
        (Tensor codeC, ShownData shownC) = terms.Of(C.Name, c, Given);
        Tensor direction = codeA - codeB, end = LatentWalks.Arithmetic(codeA, codeB, codeC, strength);
        Tensor walk = steps == 1 ? end.Reshape([1, end.Size]) : LatentWalks.Linear(codeC, end, steps);
        output.Write(ShownData.Concat(shownA, shownB, shownC, ShownData.Decoded(run, walk, Given(steps))),
            columns: 3 + steps, new LeadColumn("term", i => i switch { 0 => "a", 1 => "b", 2 => "c", _ => "result" }),
            new LeadColumn("step", i => i < 3 ? "" : FormattableString.Invariant($"{i - 2}"), CellType.Whole));

        double norm = Math.Sqrt(direction.To(DType.Float64).Square().Sum().Item());
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("a", Json(a));
        result.Add("b", b is null ? null : Json(b));
        result.Add("c", Json(c));
        string sum = string.Create(CultureInfo.InvariantCulture, $"{Words(c)} + {strength} ({Words(a)} - " +
            $"{(b is null ? "all other classes" : Words(b))}) of {run.DataName(parsed)}");
        result.Line("arithmetic", $"{sum}; from left to right: a, b, c and the {(steps == 1 ? "result" : "steps")}");
        result.Add("strength", strength);
        result.Add("steps", steps);
        result.Add(
            "direction_norm", Result.Number(norm), "direction", FormattableString.Invariant($"|a - b| = {norm:F4}"));
        result.Add("latent", Result.Numbers(Enumerable.Range(0, end.Size).Select(end.At)));
        output.AddTo(result);
        return result.Print();
    }

    private static JsonValue Json(string term) => NumberText.TryWhole(term, out int index) ? JsonValue.Create(index)
        : JsonValue.Create(term);

    private static string Words(string term) => term.StartsWith(LabelPrefix, StringComparison.Ordinal)
        ? $"class {term[LabelPrefix.Length..]}" : $"data point {term}";

    /// <summary>Finds the code of each term of the sum. The data and the training codes are read once, and only if a
    /// term needs them.</summary>
    private sealed class Terms(TrainedRun run, ParseResult parsed)
    {
        private readonly Lazy<Dataset> _data = new(() => run.Data(parsed));
        private readonly Lazy<(Tensor Codes, ReadOnlyMemory<int> Labels)> _training = new(() =>
        {
            Dataset train = run.Training(parsed, CodesOfMeans);
            run.LabelsOf(train);
            return (Latents.Encode(run.Model, train), train.Labels!.Value);
        });

        /// <summary>The code [Z] of a term, and what is shown of it: the data point itself, or the decoded mean
        /// code.</summary>
        public (Tensor Code, ShownData Shown) Of(string option, string term, Func<int, Condition> condition)
        {
            if (term.StartsWith(LabelPrefix, StringComparison.Ordinal))
            {
                int label = LabelOf(option, term);
                return Mean(of => of == label, condition);
            }

            if (!NumberText.TryWhole(term, out int index))
            {
                throw new InvalidConfigException($"{option} takes the index of a data point, or label:L for the mean " +
                    $"code of class L, not '{term}'.");
            }

            Dataset one = _data.Value.Subset([RunOptions.Within(option, index, 0, _data.Value.Count - 1)]);
            return (Latents.Row(Latents.Encode(run.Model, one), 0), ShownData.Of(run, one));
        }

        /// <summary>The mean code of all classes except the class of a term.</summary>
        public (Tensor Code, ShownData Shown) Others(string term, Func<int, Condition> condition)
        {
            int label = LabelOf(A.Name, term);
            if (!_training.Value.Labels.ToArray().Any(of => of >= 0 && of != label))
            {
                throw new InvalidConfigException($"{B.Name} is missing, and there are no other classes to subtract: " +
                    $"all labels of the training data are {run.Classes.Text(label)}. Give {B.Name} the index of a " +
                    "data point.");
            }

            return Mean(of => of >= 0 && of != label, condition);
        }

        private int LabelOf(string option, string term)
        {
            string text = term[LabelPrefix.Length..];
            int[] known = [.. _training.Value.Labels.ToArray().Where(label => label >= 0).Distinct().Order()];
            return known.Length > 0 && run.Classes.Find(text, known[^1] + 1) is { } label && known.Contains(label)
                ? label
                : throw new InvalidConfigException($"{option} '{term}' names no class of the training data. Their " +
                    $"labels are {run.Classes.List(known)}.{Suggestion.Nearest(text, known.Select(run.Classes.Text))}");
        }

        private (Tensor Code, ShownData Shown) Mean(Func<int, bool> belongs, Func<int, Condition> condition)
        {
            Tensor mean = LatentWalks.Mean(_training.Value.Codes, _training.Value.Labels.Span, belongs);
            return (mean, ShownData.Decoded(run, mean.Reshape([1, mean.Size]), condition(1)));
        }
    }
}
