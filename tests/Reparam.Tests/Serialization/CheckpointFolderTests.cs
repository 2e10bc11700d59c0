using System.Globalization;
using System.Text;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Tests.Serialization;

public sealed class CheckpointFolderTests : IDisposable
{
    private const int DeadProcess = int.MaxValue; // beyond any system's process numbers

    private readonly TemporaryFolder _run = new();
    private readonly CheckpointFolder _checkpoints;

    public CheckpointFolderTests() => _checkpoints = new CheckpointFolder(_run.Path);

    private string Root => _run.File("checkpoints");

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Run_without_checkpoints_has_none()
    {
        Assert.Null(_checkpoints.OpenLatest());
        Assert.Empty(_checkpoints.CleanStale());
    }

    [Fact]
    public void Latest_is_the_last_one_written_with_its_notes()
    {
        Write(1);
        _checkpoints.Write(2, Files(2), new Dictionary<string, string> { ["config"] = "abc" });
        Checkpoint latest = _checkpoints.OpenLatest()!;
        Assert.Equal(2, latest.Step);
        Assert.Equal("abc", latest.Notes["config"]);
        Assert.Equal("state of 2", File.ReadAllText(latest.FilePath("state.json")));
        Assert.Empty(latest.Warnings);
        Assert.Equal(["latest", "step-00000001", "step-00000002"], Names());
    }

    [Fact]
    public void Reader_beside_a_training_that_replaces_its_checkpoints_gets_an_intact_one()
    {
        Write(1);
        using var stop = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            for (int step = 2; !stop.IsCancellationRequested; step++) _checkpoints.Write(step, Files(step), keep: 1);
        });
        writer.Start();
        try
        {
            long last = 0;
            // On a busy machine the writer may start late, so the reader waits for it, for at most a minute.
            long deadline = Environment.TickCount64 + 60_000;
            for (int i = 0; i < 300 || (last <= 1 && Environment.TickCount64 < deadline); i++)
            {
                Checkpoint latest = new CheckpointFolder(_run.Path).OpenLatest()!;
                Assert.Empty(latest.Warnings);
                Assert.InRange(latest.Step, last, long.MaxValue);
                last = latest.Step;
            }

            Assert.True(last > 1, "The checkpoints were not replaced.");
        }
        finally
        {
            stop.Cancel();
            writer.Join();
        }
    }

    [Fact]
    public void Kill_before_the_first_pointer_is_nothing_to_warn_of()
    {
        Write(1);
        File.Delete(Path.Combine(Root, "latest"));
        Checkpoint first = _checkpoints.OpenLatest()!;
        Assert.Equal(1, first.Step);
        Assert.Empty(first.Warnings);
    }

    [Fact]
    public void Best_is_named_before_latest()
    {
        _checkpoints.Write(1, Files(1), best: true);
        // A folder in the way of the pointer stands for a kill just before it.
        string latest = Path.Combine(Root, "latest");
        File.Delete(latest);
        Directory.CreateDirectory(Path.Combine(latest, "in the way"));
        Assert.Throws<IOException>(() => _checkpoints.Write(2, Files(2), best: true));
        Assert.Equal("step-00000002\n", File.ReadAllText(Path.Combine(Root, "best")));
    }

    [Fact]
    public void Best_is_remembered_and_survives_pruning()
    {
        for (int step = 1; step <= 6; step++) _checkpoints.Write(step, Files(step), best: step == 2, keep: 2);
        Assert.Equal(["best", "latest", "step-00000002", "step-00000005", "step-00000006"], Names());
        Assert.Equal(2, _checkpoints.OpenBest()!.Step);
    }

    [Fact]
    public void Same_step_is_replaced()
    {
        Write(1);
        _checkpoints.Write(1, new Dictionary<string, Action<Stream>> { ["other"] = stream => stream.WriteByte(1) });
        Assert.True(File.Exists(_checkpoints.OpenLatest()!.FilePath("other")));
        Assert.Equal(["latest", "step-00000001"], Names());
    }

    [Theory]
    [InlineData("state.json", "truncate")]
    [InlineData("state.json", "flip")]
    [InlineData("state.json", "delete")]
    [InlineData("MANIFEST.json", "truncate")]
    [InlineData("MANIFEST.json", "flip")]
    [InlineData("MANIFEST.json", "delete")]
    [InlineData("MANIFEST.json", "empty")]
    public void Damage_falls_back_to_the_previous_one_and_says_so(string file, string damage)
    {
        Write(1);
        string path = Path.Combine(Write(2), file);
        byte[] content = File.ReadAllBytes(path);
        if (damage == "delete") File.Delete(path);
        else if (damage == "flip") File.WriteAllBytes(path, [(byte)(content[0] ^ 1), .. content.AsSpan(1)]);
        else File.WriteAllBytes(path, content.AsSpan(0, damage == "empty" ? 0 : content.Length / 2));
        Checkpoint latest = _checkpoints.OpenLatest()!;
        Assert.Equal(1, latest.Step);
        Assert.Contains("step-00000002", Assert.Single(latest.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../etc")]
    [InlineData("step-00000099")]
    public void Bad_pointer_gives_the_newest_whole_one_with_a_warning(string? pointer)
    {
        Write(1);
        Write(2);
        string path = Path.Combine(Root, "latest");
        if (pointer is null) File.Delete(path);
        else File.WriteAllText(path, pointer);
        Checkpoint latest = _checkpoints.OpenLatest()!;
        Assert.Equal(2, latest.Step);
        Assert.Single(latest.Warnings);
    }

    [Fact]
    public void Nothing_whole_is_an_error_that_tells_why()
    {
        File.Delete(Path.Combine(Write(1), "state.json"));
        Assert.Contains("state.json", Assert.Throws<InvalidModelException>(() => _checkpoints.OpenLatest()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_cannot_point_out_of_its_folder()
    {
        Write(1);
        string manifest = Path.Combine(Write(2), "MANIFEST.json");
        File.WriteAllText(
            manifest, File.ReadAllText(manifest).Replace("state.json", "../latest", StringComparison.Ordinal));
        Assert.Equal(1, _checkpoints.OpenLatest()!.Step);
        Assert.Throws<ArgumentException>(
            () => _checkpoints.Write(3, new Dictionary<string, Action<Stream>> { ["../x"] = _ => { } }));
    }

    [Fact]
    public void Failure_at_each_file_keeps_what_was_there()
    {
        Write(1);
        for (int at = 0; at < 3; at++)
        {
            Dictionary<string, Action<Stream>> files = new();
            for (int i = 0; i < 3; i++)
            {
                bool fails = i == at;
                files[$"f{i.ToString(CultureInfo.InvariantCulture)}"] = stream =>
                {
                    stream.WriteByte(1);
                    if (fails) throw new IOException("Input/output error.");
                };
            }

            Assert.Contains("Input/output error",
                Assert.Throws<IOException>(() => _checkpoints.Write(2, files)).Message, StringComparison.Ordinal);
            Assert.Equal(["latest", "step-00000001"], Names());
        }
    }

    [Fact]
    public void Debris_of_dead_processes_is_removed_and_that_of_living_ones_kept()
    {
        Write(1);
        string dead = string.Create(CultureInfo.InvariantCulture, $"step-00000002.tmp-{DeadProcess}-0123abcd");
        string alive = string.Create(
            CultureInfo.InvariantCulture, $"step-00000003.tmp-{Environment.ProcessId}-0123abcd");
        string pointer = string.Create(CultureInfo.InvariantCulture, $"latest.tmp-{DeadProcess}-0123abcd");
        Directory.CreateDirectory(Path.Combine(Root, dead));
        Directory.CreateDirectory(Path.Combine(Root, alive));
        File.WriteAllText(Path.Combine(Root, pointer), "half");
        Assert.Equal(1, _checkpoints.OpenLatest()!.Step);
        Assert.Equal([pointer, dead], _checkpoints.CleanStale());
        Assert.Contains(alive, Names());
    }

    [Fact]
    public void Death_between_the_renames_of_a_replacement_loses_nothing()
    {
        string folder = Write(1);
        Directory.Move(folder, folder + ".replaced");
        Assert.Equal(1, _checkpoints.OpenLatest()!.Step);
        Assert.Empty(_checkpoints.CleanStale());
        Checkpoint latest = _checkpoints.OpenLatest()!;
        Assert.Empty(latest.Warnings);
        Assert.Equal(folder, latest.Folder);
    }

    private static Dictionary<string, Action<Stream>> Files(int step) => new()
    {
        ["model.safetensors"] = new SafetensorsFile([SafetensorsEntry.FromInt64("step", [], [step])]).Write,
        ["state.json"] = stream => stream.Write(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"state of {step}"))),
    };

    private string Write(int step) => _checkpoints.Write(step, Files(step));

    private IEnumerable<string> Names() =>
        Directory.GetFileSystemEntries(Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
