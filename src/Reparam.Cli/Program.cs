namespace Reparam.Cli;

internal static class Program
{
    private static int Main(string[] args) => ReparamProgram.Run(args);
}
