using System.CommandLine;
using Reparam.Cli.Commands;
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>The classes of a run as a command line names them: by their names, if the data of the run name them, or by
/// their numbers.</summary>
internal sealed class RunClasses
{
    // The names that a message lists.
    private const int MostNames = 20;

    private readonly TrainedRun _run;
    private readonly IReadOnlyList<string>? _names;
    private readonly bool _namesAreNumbers;

    public RunClasses(TrainedRun run)
    {
        (_run, _names) = (run, run.Folder.ClassNames);
        _namesAreNumbers = _names?.Any(name => NumberText.TryWhole(name, out int _)) == true;
    }

    /// <summary>The class of --class; null if the option is not given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="count">The number of classes that there are.</param>
    /// <exception cref="InvalidConfigException">The option names no class.</exception>
    public int? Asked(ParseResult parsed, int count)
    {
        if (parsed.GetValue(RunOptions.Class) is not { } text) return null;
        string option = RunOptions.Class.Name;
        // A model that infers classes without any label numbers them as it likes.
        bool areOwn = _run.Model.Classes > 0 && _run.Config.Data.Labels == 0;
        if (_names is { } names && !areOwn)
        {
            return Find(text, count) ?? throw new InvalidConfigException($"{option} '{text}' is no class of this " +
                $"run. Its classes are {List(Enumerable.Range(0, Math.Min(count, names.Count)))}." +
                Suggestion.Nearest(text, names.Take(count)));
        }

        return NumberText.TryWhole(text, out int number) ? RunOptions.Within(option, number, 0, count - 1)
            : throw new InvalidConfigException(FormattableString.Invariant(
                $"{option} takes a whole number from 0 to {count - 1}, not '{text}': the classes of this run have ") +
                "no names.");
    }

    /// <summary>The number of the class that a text names; null if it names none. If a name is a whole number, a number
    /// is the name of a class and not its place.</summary>
    /// <param name="text">The name or the number.</param>
    /// <param name="count">The number of classes that there are.</param>
    public int? Find(string text, int count)
    {
        int named = _names is null ? -1 : _run.Folder.Table?.LabelOf(text) ?? _names.ToList().IndexOf(text);
        if (named >= 0) return named < count ? named : null;
        return !_namesAreNumbers && NumberText.TryWhole(text, out int number) && number >= 0 && number < count
            ? number : null;
    }

    /// <summary>The name of a class, or its number if it has no name.</summary>
    public string Text(int number) => number < _names?.Count ? _names[number]
        : FormattableString.Invariant($"{number}");

    /// <summary>The names of the first of some classes, for a message.</summary>
    public string List(IEnumerable<int> numbers)
    {
        string[] names = [.. numbers.Select(Text)];
        string list = string.Join(", ", names.Take(MostNames));
        return names.Length <= MostNames ? list
            : FormattableString.Invariant($"{list} and {names.Length - MostNames:N0} more");
    }

    /// <summary>The one-hot rows [rows, C] of the class of --class for a conditional model; null for another
    /// model.</summary>
    /// <exception cref="InvalidConfigException">The model is conditional and no class was given, or the class is
    /// unknown; or a class was given and the model is not conditional.</exception>
    public Tensor? OneHot(ParseResult parsed, int rows)
    {
        LatentVariableModel model = _run.Model;
        if (model.Context == 0)
        {
            return parsed.GetValue(RunOptions.Class) is null ? null : throw new InvalidConfigException(
                "--class is only for a conditional model, but this run was trained without --condition labels " +
                $"('{ReparamProgram.Name} sample' takes --class for --model semi-supervised too).");
        }

        int chosen = Asked(parsed, model.Context) ?? throw new InvalidConfigException(
            "The model is conditional. Give the class with --class, " + (_names is null
                ? FormattableString.Invariant($"from 0 to {model.Context - 1}.")
                : $"one of {List(Enumerable.Range(0, model.Context))}."));
        return Tensor.Full([rows, 1], chosen, model.DType).OneHot(model.Context).Reshape([rows, model.Context]);
    }
}
