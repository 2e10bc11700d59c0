namespace Reparam.Mpi.Tests;

public sealed class MpiLaunchTests
{
    [Theory]
    [InlineData("")]
    [InlineData("OMPI_COMM_WORLD_SIZE=4", "ompi", "abi", "mpich")]
    [InlineData("PMIX_RANK=0", "ompi", "abi", "mpich")]
    [InlineData("PMI_RANK=1 PMI_SIZE=4", "mpich", "abi", "ompi")]
    [InlineData("PMI_RANK=1 REPARAM_MPI=ompi", "ompi")]
    [InlineData("REPARAM_MPI=mpich", "mpich")]
    [InlineData("OMPI_COMM_WORLD_SIZE=4 REPARAM_MPI=none")]
    [InlineData("SLURM_STEP_NUM_TASKS=1")]
    [InlineData("SLURM_STEP_NUM_TASKS=8 PMIX_RANK=3", "ompi", "abi", "mpich")]
    public void Library_is_that_of_the_launcher(string environment, params string[] expected) =>
        Assert.Equal(expected, MpiLaunch.Candidates(In(environment)).Select(a => a.Word));

    [Theory]
    [InlineData("REPARAM_MPI=openmpi", "ompi")]
    [InlineData("SLURM_STEP_NUM_TASKS=8", "srun --mpi=pmix")]
    public void Mistake_is_refused(string environment, string advice)
    {
        var failure = Assert.Throws<NotSupportedException>(() => MpiLaunch.Candidates(In(environment)));
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("OMPI_COMM_WORLD_SIZE=4", 4)]
    [InlineData("PMI_SIZE=2", 2)]
    [InlineData("SLURM_STEP_NUM_TASKS=8", 8)]
    public void Launcher_says_how_many(string environment, int? expected) =>
        Assert.Equal(expected, MpiLaunch.Size(In(environment)));

    private static Func<string, string?> In(string environment)
    {
        Dictionary<string, string> variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return name => variables.GetValueOrDefault(name);
    }
}
