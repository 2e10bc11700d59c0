using System.CommandLine;
using System.CommandLine.Help;
using Reparam.Cli.Configuration;

namespace Reparam.Cli.Commands;

/// <summary>The root of the command line. A plain command rather than a RootCommand, which would call itself after the assembly: that one cannot
/// be named reparam, because assembly names ignore case and the library is Reparam.</summary>
internal static class ReparamCommand
{
    public static Command Create()
    {
        var root = new Command("reparam", "Train, evaluate, sample and explain variational autoencoders.");
        root.Options.Add(new HelpOption { Recursive = true });
        root.Options.Add(new VersionOption());
        foreach (Func<Command> create in (Func<Command>[])
            [
                TrainCommand.Create, EvaluateCommand.Create, DiagnoseCommand.Create, SampleCommand.Create, ReconstructCommand.Create, EncodeCommand.Create, DecodeCommand.Create,
                InterpolateCommand.Create, ArithmeticCommand.Create, ManifoldCommand.Create, TraverseCommand.Create, NeighboursCommand.Create,
                ClassifyCommand.Create, AgreementCommand.Create, DataCommand.Create, InspectCommand.Create, EstimatorsCommand.Create, BenchCommand.Create, DoctorCommand.Create,
            ])
        {
            root.Subcommands.Add(create());
        }

        NumberOptions.ReadStrictly(root);
        return root;
    }
}
