using Reparam.Data;
using Reparam.Processes;

namespace Reparam.Runs;

/// <summary>The folder of the data sets, the formats of files, and the receivers of notes and warnings. None of these
/// values is part of the run.</summary>
public sealed record RunContext
{
    /// <summary>The folder of known data sets. Null uses the folder in the environment variable <c>REPARAM_DATA</c> or,
    /// without it, a folder in the user's local application data.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The formats of the user's own data.</summary>
    public DataFormats Formats { get; init; } = DataFormats.BuiltIn;

    /// <summary>The processes that train the run together. Only the first writes the run, and the others read it from
    /// the same folder.</summary>
    public Ranks Ranks { get; init; } = Ranks.One;

    /// <summary>Receives a sentence about each choice that the settings left open; null for no receiver.</summary>
    public Action<string>? Notes { get; init; }

    /// <summary>Receives a sentence about each probable mistake; null for no receiver.</summary>
    public Action<string>? Warnings { get; init; }

    /// <summary>The text of the user's configuration file, which the run saves as <c>config.source.json</c>; null if
    /// there is no such file.</summary>
    public string? Source { get; init; }
}
