using System.Globalization;
using System.Text.RegularExpressions;
using Reparam.Testing;

namespace Reparam.Mpi.Tests;

/// <summary>The page for many machines: its commands run, and its scripts are checked.</summary>
public sealed partial class RecipeTests
{
    private static readonly string Files = Path.Combine(AppContext.BaseDirectory, "many-machines");

    [Fact]
    public void Commands_of_the_page_give_the_same_bits()
    {
        using var folder = TemporaryFolder.InMemory();
        string text = File.ReadAllText(Path.Combine(Files, "many-machines.md")).ReplaceLineEndings("\n");
        string[] commands = [.. Block().Match(text).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(5, commands.Length);
        List<string> hashes = [];
        foreach (string command in commands)
        {
            string[] words = [.. command.Split(' ').Select(w => w.StartsWith("runs/", StringComparison.Ordinal)
                ? folder.File(w) : w)];
            int at = Array.IndexOf(words, "reparam") + 1;
            (int code, string output, string errors) = at == 1 ? ReparamProcess.Run(words[at..])
                : Job(int.Parse(words[2], CultureInfo.InvariantCulture), words[at..]);
            Assert.True(code == 0, $"{command}: {errors}");
            hashes.AddRange(Hash().Matches(output).Select(m => m.Groups[1].Value));
        }

        // Two trainings of two epochs, and two of three.
        Assert.Equal(4, hashes.Count);
        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(hashes[2], hashes[3]);
        Assert.NotEqual(hashes[0], hashes[2]);

        static (int ExitCode, string Output, string Errors) Job(int count, string[] arguments)
        {
            using MpiJob job = MpiJob.Start("openmpi", count, arguments);
            return job.Finish();
        }
    }

    [Fact]
    public void Slurm_script_is_a_script_whose_command_is_right()
    {
        string script = Path.Combine(Files, "train.sbatch");
        (int code, string output) = OutsideTool.Run("bash", "-n", script);
        Assert.True(code == 0, output);
        using var folder = new TemporaryFolder();
        // srun that checks its own options and runs the command once, and reparam that prints its settings.
        Write(folder, "srun", """
            [ "$1 $2 $3" = "--mpi=pmix --kill-on-bad-exit=1 --cpus-per-task=2" ] || exit 9
            shift 3
            exec "$@"
            """);
        Write(folder, "reparam", $"""exec dotnet "{AppContext.BaseDirectory}/Reparam.Cli.dll" "$@" --print-config""");
        (code, output) = OutsideTool.Run("env", $"PATH={folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            $"RUN={folder.File("run")}", "SLURM_CPUS_PER_TASK=2", "bash", script);
        Assert.True(code == 0, output);
        Assert.Contains("\"shards\": 8", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Kubernetes_job_is_what_the_operator_takes()
    {
        // Its fields: https://github.com/kubeflow/mpi-operator, v2beta1.
        const string Check = """
            import sys, yaml
            job = yaml.safe_load(open(sys.argv[1]))
            assert (job["apiVersion"], job["kind"]) == ("kubeflow.org/v2beta1", "MPIJob")
            replicas = job["spec"]["mpiReplicaSpecs"]
            assert set(replicas) == {"Launcher", "Worker"} and replicas["Launcher"]["replicas"] == 1
            for replica in replicas.values():
                pod = replica["template"]["spec"]
                mounts = {m["name"] for c in pod["containers"] for m in c["volumeMounts"]}
                assert mounts == {v["name"] for v in pod["volumes"]} == {"runs"}
            script = replicas["Launcher"]["template"]["spec"]["containers"][0]["args"][0]
            processes = replicas["Worker"]["replicas"] * job["spec"]["slotsPerWorker"]
            assert f"mpirun --allow-run-as-root --bind-to none -n {processes} reparam " in script
            print(script)
            """;
        (int code, string script) = OutsideTool.Run(
            "python3", "-c", Check, Path.Combine(Files, "train.yaml"));
        RealData.Need(!script.Contains("No module named 'yaml'", StringComparison.Ordinal), "python3-yaml is missing.");
        Assert.True(code == 0, script);
        using var folder = new TemporaryFolder();
        Write(folder, "mpirun", """shift 5; exec "$@" """);
        Write(folder, "reparam", $"""exec dotnet "{AppContext.BaseDirectory}/Reparam.Cli.dll" "$@" --print-config""");
        (code, string output) = OutsideTool.Run("env",
            $"PATH={folder.Path}:{Environment.GetEnvironmentVariable("PATH")}", "sh", "-ec", script);
        Assert.True(code == 0, output);
        Assert.Contains("\"shards\": 8", output, StringComparison.Ordinal);
    }

    private static void Write(TemporaryFolder folder, string name, string body)
    {
        File.WriteAllText(folder.File(name), $"#!/bin/sh\n{body}\n");
        Assert.Equal(0, OutsideTool.Run("chmod", "+x", folder.File(name)).ExitCode);
    }

    [GeneratedRegex("```\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"weights sha256 +([0-9a-f]{64})")]
    private static partial Regex Hash();
}
