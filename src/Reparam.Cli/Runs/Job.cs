using System.CommandLine;
using Reparam.Cli.Commands;
using Reparam.Cli.Display;
using Reparam.Cli.Failures;
using Reparam.Mpi;
using Reparam.Processes;
using Reparam.Training;

namespace Reparam.Cli.Runs;

/// <summary>
/// Work that the processes of an MPI job share. The first process speaks to the user. If another fails alone, it says
/// so with its name, and the job ends.
/// </summary>
internal static class Job
{
    /// <summary>Does the work and returns its exit code.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="work">The work of this process.</param>
    public static int Run(ParseResult parsed, Func<Ranks, int> work)
    {
        using MpiRanks? ranks = MpiRanks.Start();
        if (ranks is null) return work(Ranks.One);
        // A launcher shows the output of its processes, and some give a process a terminal of its own. The codes that
        // prepare a terminal would go into the output of the launcher.
        Environment.SetEnvironmentVariable("TERM", "dumb");
        if (ranks.Count == 1) return work(ranks);
        if (!ranks.IsFirst)
        {
            Console.SetOut(TextWriter.Null);
            Message.Speaker = ranks.Name;
        }

        try
        {
            // The launcher says which process died. Some launchers know only its number.
            string[] names = ranks.Gather(ranks.Name);
            if (ranks.IsFirst && !parsed.GetValue(SharedOptions.Quiet))
            {
                Message.Line($"MPI: {ranks.Version}");
                foreach (string name in names) Message.Line(name);
            }

            return work(ranks);
        }
        // All processes see the same divergence, and the first tells of it.
        catch (TrainingDivergedException) when (!ranks.IsFirst)
        {
            return ExitCode.Diverged;
        }
#pragma warning disable CA1031 // The other processes wait for this one, so any failure must end them.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            int code = Failure.Tell(failure, [.. parsed.Tokens.Select(t => t.Value)]);
            ranks.Abort(code);
            return code;
        }
    }
}
