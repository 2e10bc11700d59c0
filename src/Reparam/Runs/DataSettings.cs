using Reparam.Configuration;
using Reparam.Data;

namespace Reparam.Runs;

/// <summary>The data of a run.</summary>
public sealed record DataSettings : Settings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<DataSettings>(
        "data", "the data of a run",
        Setting.Text<DataSettings>("name", s => s.Name, (s, v) => s with { Name = v },
            "a known data set (see 'reparam data list') or the path of a file", "NAME|PATH")
            .WithFlag("--data"),
        Setting.Choice<DataSettings, Binarization?>(
            "binarization", s => s.Binarization, (s, v) => s with { Binarization = v },
            "how grey levels become zeros and ones",
            ("auto", null), ("none", Data.Binarization.None), ("static", Data.Binarization.Static),
            ("dynamic", Data.Binarization.Dynamic), ("threshold", Data.Binarization.Threshold)),
        Setting.Whole<DataSettings>(
            "validation", s => s.Validation, (s, v) => s with { Validation = v },
            "training data held out for validation where the set has no such part; 0 none, -1 a tenth", -1),
        Setting.Whole<DataSettings>(
            "labels", s => s.Labels, (s, v) => s with { Labels = v },
            "labels that a semi-supervised model is told, as many of each class; 0 none, -1 all", -1),
        Setting.Whole<DataSettings>(
            "limit", s => s.Limit, (s, v) => s with { Limit = v }, "use only the first so many training data; 0 all"),
        Words("layout", s => s.Layout, (s, v) => s with { Layout = v },
            "where images of one's own file have their channels", "auto", "channels-first", "channels-last"),
        Words("levels", s => s.Levels, (s, v) => s with { Levels = v }, "what numbers of one's own file stand for",
            "auto", "stored", "digits", "bytes", "unit"),
        Words("parts", s => s.Parts, (s, v) => s with { Parts = v },
            "whether the parts that one's own file names are taken", "auto", "none"),
        Setting.Choice<DataSettings, StandardizeBy>(
            "standardize", s => s.Standardize, (s, v) => s with { Standardize = v },
            "what is brought to mean 0 and variance 1",
            ("auto", StandardizeBy.Auto), ("none", StandardizeBy.None), ("columns", StandardizeBy.Columns),
            ("channels", StandardizeBy.Channels)));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>A known set's name, or the path of a file.</summary>
    public string Name { get; init; } = "digits";

    /// <summary>
    /// How grey levels become zeros and ones. Null is <c>auto</c>: <see cref="DataDefaults"/> takes dynamic for the
    /// built-in digits under a likelihood of <c>auto</c>, and none else. Before data have settled it, none.
    /// </summary>
    public Binarization? Binarization { get; init; }

    /// <summary>Labels that a <c>semi-supervised</c> model is told, as many of each class, those of the rest hidden
    /// from it; -1 tells all.</summary>
    public int Labels { get; init; } = -1;

    /// <summary>Training data held out for validation where the set has no part of its own for that: a count; 0 holds
    /// none out, -1 a tenth (at most 5,000).</summary>
    public int Validation { get; init; } = -1;

    /// <summary>Use only the first so many training data; 0 uses all.</summary>
    public int Limit { get; init; }

    /// <summary>
    /// Where a person's own images have their channels: <c>channels-first</c>, as networks take them, or
    /// <c>channels-last</c>, which are turned; <c>auto</c> takes [N, height, width, 1, 3 or 4] for the latter.
    /// </summary>
    public string Layout { get; init; } = "auto";

    /// <summary>
    /// What numbers of a person's own file stand for: <c>stored</c>, bytes for grey levels (or digits where none
    /// exceeds 1) and others for reals; or in a format of larger numbers <c>digits</c> 0 and 1, <c>bytes</c> 0 to 255,
    /// or <c>unit</c>, such levels over 255. <c>auto</c> tells by the values.
    /// </summary>
    public string Levels { get; init; } = "auto";

    /// <summary>
    /// Whether the parts that a person's own file names (<c>x_train</c>, <c>x_test</c>) are the run's: <c>auto</c>
    /// takes them; <c>none</c> takes the data to train on alone, and cuts test data from these.
    /// </summary>
    public string Parts { get; init; } = "auto";

    /// <summary>What is brought to mean 0 and variance 1 of the training data.</summary>
    public StandardizeBy Standardize { get; init; } = StandardizeBy.Auto;

    private static Setting Words(
        string name, Func<DataSettings, string> get, Func<DataSettings, string, DataSettings> with, string help,
        params string[] words) =>
        Setting.Choice(name, get, with, help, [.. words.Select(w => (w, w))]);
}
