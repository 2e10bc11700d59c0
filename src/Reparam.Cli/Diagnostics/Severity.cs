namespace Reparam.Cli.Diagnostics;

/// <summary>How serious a finding is.</summary>
internal enum Severity
{
    /// <summary>The run has failed its purpose.</summary>
    Severe,

    /// <summary>Something probably makes the result worse.</summary>
    Warning,

    /// <summary>Information that needs no action.</summary>
    Note,
}
