namespace Reparam.Cli.Display;

/// <summary>What a colour stands for.</summary>
internal enum Paint
{
    /// <summary>The terminal's own colour.</summary>
    None,

    /// <summary>Yellow.</summary>
    Warning,

    /// <summary>Red.</summary>
    Severe,
}
