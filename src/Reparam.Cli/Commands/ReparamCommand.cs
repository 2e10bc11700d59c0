using System.CommandLine;

namespace Reparam.Cli.Commands;

/// <summary>The root of the command line.</summary>
internal static class ReparamCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Train, evaluate, sample and explain variational autoencoders.");
        root.Subcommands.Add(TrainCommand.Create());
        return root;
    }
}
