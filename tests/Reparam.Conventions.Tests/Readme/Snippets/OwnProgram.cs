// begin
using Reparam.Cli;
using Reparam.Configuration;
using Reparam.Runs;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/own-members.md, C# block 7.</summary>
internal static class OwnProgram
{
    public static int Run(string[] args)
    {
        // begin
        Catalog catalog = Catalog.BuiltIn
            .With(CauchyPriorSettings.Definition)
            .With(SparsitySettings.Definition)
            .With(SampledBoundSettings.Definition)
            .With(LaplaceLikelihoodSettings.Definition)
            .With(LaplacePosteriorSettings.Definition)
            .With(PooledSettings.Definition);
        return ReparamProgram.Run(args, catalog);
        // end
    }
}
