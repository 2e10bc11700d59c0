namespace Reparam.Cli.Runs;

/// <summary>What ended an estimation.</summary>
internal enum NllEnd
{
    AllData,
    Time,
    Interruption,
}
