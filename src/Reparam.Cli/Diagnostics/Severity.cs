namespace Reparam.Cli.Diagnostics;

/// <summary>How much a finding matters.</summary>
internal enum Severity
{
    /// <summary>The run is not what it was meant to be.</summary>
    Severe,

    /// <summary>Something that probably costs quality.</summary>
    Warning,

    /// <summary>Good to know.</summary>
    Note,
}
