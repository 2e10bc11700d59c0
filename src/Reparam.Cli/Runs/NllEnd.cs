namespace Reparam.Cli.Runs;

/// <summary>The reason why an estimation of the NLL ended.</summary>
internal enum NllEnd
{
    AllData,
    Time,
    Interruption,
}
