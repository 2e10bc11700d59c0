namespace Reparam.Cli;

/// <summary>The exit codes of <c>reparam</c>.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int BadData = 3;
    public const int Diverged = 4;
    public const int Interrupted = 130;
}
