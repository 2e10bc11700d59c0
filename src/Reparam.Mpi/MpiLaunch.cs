namespace Reparam.Mpi;

/// <summary>What the environment says about the program that started this process.</summary>
internal static class MpiLaunch
{
    /// <summary>The variable that chooses the interface of MPI, or switches MPI off.</summary>
    public const string Variable = "REPARAM_MPI";

    /// <summary>Switches MPI off.</summary>
    public const string None = "none";

    private static readonly string[] OpenMpi = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK"];
    private static readonly string[] Mpich = ["PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS"];

    /// <summary>The interfaces to try, in order; empty if no launcher of MPI started this process, or if it is switched
    /// off.</summary>
    /// <param name="variable">The value of an environment variable; null if it is not set.</param>
    /// <exception cref="NotSupportedException">REPARAM_MPI has an unknown value, or a launcher started several
    /// processes without MPI.</exception>
    public static IReadOnlyList<MpiAbi> Candidates(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } word)
        {
            if (word == None) return [];
            return MpiAbi.All.FirstOrDefault(a => a.Word == word) is { } chosen ? [chosen]
                : throw new NotSupportedException($"{Variable} is '{word}'; set it to " +
                    $"{string.Join(", ", MpiAbi.All.Select(a => a.Word))} or {None}, or unset it.");
        }

        // A library of the launcher's own kind must be loaded. Another kind would start a job of one process.
        if (OpenMpi.Any(v => variable(v) is not null)) return [MpiAbi.OpenMpi, MpiAbi.Standard, MpiAbi.Mpich];
        if (Mpich.Any(v => variable(v) is not null)) return [MpiAbi.Mpich, MpiAbi.Standard, MpiAbi.OpenMpi];
        if (Size(variable) is > 1 and int tasks)
        {
            throw new NotSupportedException($"srun started {tasks} processes without MPI, and each would work " +
                "alone. Start them with srun --mpi=pmix (Open MPI) or srun --mpi=pmi2 (MPICH), or set " +
                $"{Variable}={None} for {tasks} separate processes.");
        }

        return [];
    }

    /// <summary>The number of processes that the launcher started; null if it does not say.</summary>
    public static int? Size(Func<string, string?> variable) =>
        ((string[])["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]).Select(variable)
            .Where(v => v is not null).Select(v => int.TryParse(v, out int n) ? n : (int?)null).FirstOrDefault();
}
