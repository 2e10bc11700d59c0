namespace Reparam.Cli.Display;

/// <summary>The meaning of a colour.</summary>
internal enum Paint
{
    /// <summary>The default colour of the terminal.</summary>
    None,

    /// <summary>Yellow.</summary>
    Warning,

    /// <summary>Red.</summary>
    Severe,
}
