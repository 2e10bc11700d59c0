namespace Reparam.Runs;

/// <summary>Where a run finds its data, and who is told about them. None of it is part of the run.</summary>
public sealed record RunContext
{
    /// <summary>The folder of known data sets; null for <c>REPARAM_DATA</c>, else a folder of the user's.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Receives a sentence about each choice that the settings left open; null for nobody.</summary>
    public Action<string>? Notes { get; init; }

    /// <summary>Receives a sentence about each thing that is probably a mistake; null for nobody.</summary>
    public Action<string>? Warnings { get; init; }

    /// <summary>The configuration file as the user wrote it, which the run keeps; null where there is none.</summary>
    public string? Source { get; init; }
}
