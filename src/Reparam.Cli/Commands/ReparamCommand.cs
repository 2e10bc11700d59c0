using System.CommandLine;
using System.CommandLine.Help;
using Reparam.Cli.Configuration;
using Reparam.Configuration;

namespace Reparam.Cli.Commands;

/// <summary>The root of the command line. It is a Command and not a RootCommand, because a RootCommand takes the name
/// of the assembly. The assembly cannot be named reparam: assembly names ignore case, and the library is
/// Reparam.</summary>
internal sealed class ReparamCommand : Command
{
    public ReparamCommand(Catalog catalog)
        : base(ReparamProgram.Name, "Train, evaluate, sample and explain variational autoencoders.")
    {
        Catalog = catalog;
        var help = new HelpOption { Recursive = true };
        Options.Add(help);
        Options.Add(new VersionOption());
        Command train = TrainCommand.Create(catalog, out Func<Option, string?> groupOf);
        Subcommands.Add(train);
        help.Action = new GroupedHelp(train, groupOf, (HelpAction)help.Action!);
        foreach (Func<Command> create in (Func<Command>[])
            [
                EvaluateCommand.Create, DiagnoseCommand.Create, ScoreCommand.Create, ImputeCommand.Create,
                SampleCommand.Create, CompareTablesCommand.Create, ReconstructCommand.Create,
                EncodeCommand.Create, DecodeCommand.Create,
                InterpolateCommand.Create, ArithmeticCommand.Create, ManifoldCommand.Create, TraverseCommand.Create,
                NeighboursCommand.Create,
                ClassifyCommand.Create, AgreementCommand.Create, DataCommand.Create, InspectCommand.Create,
                EstimatorsCommand.Create, BenchCommand.Create, DoctorCommand.Create,
            ])
        {
            Subcommands.Add(create());
        }

        Subcommands.Add(HelpCommand.Create(this));
        NumberOptions.ReadStrictly(this);
        // Without a command, list the commands.
        this.SetHandler((_, _) => HelpCommand.Print(this, []));
    }

    /// <summary>The kinds that configurations may name.</summary>
    public Catalog Catalog { get; }
}
