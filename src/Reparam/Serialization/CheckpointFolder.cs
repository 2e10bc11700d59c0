using System.Globalization;
using System.Text;

namespace Reparam.Serialization;

/// <summary>
/// The folder <c>checkpoints/</c> of a run. Each checkpoint is a folder such as <c>step-00001000</c>, which is written
/// completely or not at all. Two small pointer files, <c>latest</c> and <c>best</c>, name checkpoints. However a run
/// ends, the last finished checkpoint exists and can be distinguished from incomplete files.
/// </summary>
/// <remarks>Only one process may write at a time: take a <see cref="RunLock"/> first. Reading needs no lock.</remarks>
public sealed class CheckpointFolder
{
    private const string Prefix = "step-";
    private const string LatestPointer = "latest";
    private const string BestPointer = "best";
    private const string Replaced = ".replaced";

    // A training that writes checkpoints without a pause cannot keep a reader waiting for ever.
    private const int MostAttempts = 100;

    private readonly string _root;

    /// <summary>The checkpoints of the run in <paramref name="runFolder"/>.</summary>
    public CheckpointFolder(string runFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        _root = Path.Combine(Path.GetFullPath(runFolder), "checkpoints");
    }

    /// <summary>Writes a checkpoint. Returns when the checkpoint is on the disk and <c>latest</c> names it.</summary>
    /// <param name="step">The training step. An existing checkpoint of the same step is replaced; it exists if the run
    /// was resumed from an earlier step.</param>
    /// <param name="files">The file names, each with a function that writes the content.</param>
    /// <param name="notes">Notes for the manifest, such as the hash of the configuration.</param>
    /// <param name="best">Whether <c>best</c> names this checkpoint too.</param>
    /// <param name="keep">The number of newest checkpoints to keep. Older checkpoints except the best are removed once
    /// this checkpoint is durable. 0 keeps all.</param>
    /// <returns>The path of the checkpoint's folder.</returns>
    /// <exception cref="IOException">The checkpoint cannot be written. Earlier checkpoints are unchanged.</exception>
    public string Write(long step, IReadOnlyDictionary<string, Action<Stream>> files,
        IReadOnlyDictionary<string, string>? notes = null, bool best = false, int keep = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        ArgumentNullException.ThrowIfNull(files);
        foreach (string name in files.Keys)
            if (!CheckpointManifest.IsPlainName(name) || name == CheckpointManifest.FileName)
                throw new ArgumentException($"'{name}' cannot be the name of a file of a checkpoint.", nameof(files));

        string folder = Path.Combine(_root, NameOf(step)), temporary = folder + TemporaryName.Suffix();
        try
        {
            if (!Directory.Exists(_root))
            {
                Directory.CreateDirectory(_root);
                // Without this flush the first checkpoint could be lost together with its folder.
                DurableDisk.FlushFolder(Path.GetDirectoryName(_root)!);
            }

            Directory.CreateDirectory(temporary);
            Fill(temporary, step, files, notes ?? new Dictionary<string, string>());
            MoveIntoPlace(temporary, folder);
            DurableDisk.FlushFolder(_root);
            // The pointer to the best checkpoint is written first. A run that is killed between the two writes resumes
            // before this step and reaches the best step again. In the other order the run would resume from the best
            // step, while the pointer names another checkpoint.
            if (best) AtomicFile.WriteAllText(Path.Combine(_root, BestPointer), NameOf(step) + "\n");
            AtomicFile.WriteAllText(Path.Combine(_root, LatestPointer), NameOf(step) + "\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The checkpoint of step {step} could not be written to '{_root}', and earlier " +
                $"checkpoints are kept: {failure.Message} Check free space and permissions, then resume.", failure);
        }
        finally
        {
            if (Directory.Exists(temporary)) TryRemove(temporary);
        }

        if (keep > 0) Prune(keep);
        return folder;
    }

    /// <summary>Opens the newest intact checkpoint; null if the run has no checkpoint. Damaged checkpoints are skipped,
    /// with warnings in the result.</summary>
    public Checkpoint? OpenLatest() => Open(LatestPointer);

    /// <summary>Opens the checkpoint that is marked as best, or the newest intact checkpoint if the best is damaged or
    /// missing; null if the run has no checkpoint.</summary>
    public Checkpoint? OpenBest() => Open(BestPointer);

    /// <summary>Removes unfinished files of processes that no longer exist. Call this at the start, while the process
    /// holds the lock of the run.</summary>
    /// <returns>The names of the removed files and folders.</returns>
    public IReadOnlyList<string> CleanStale()
    {
        List<string> removed = [];
        if (!Directory.Exists(_root)) return removed;
        foreach (string path in Directory.GetFileSystemEntries(_root).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Replaced, StringComparison.Ordinal))
            {
                // A process was killed between the two renames of a replacement. The old checkpoint is restored.
                string original = path[..^Replaced.Length];
                if (!Directory.Exists(original))
                {
                    Directory.Move(path, original);
                    continue;
                }
            }
            else if (!TemporaryName.IsStale(name))
            {
                continue;
            }

            if (TryRemove(path)) removed.Add(name);
        }

        return removed;
    }

    private static void Fill(string temporary, long step, IReadOnlyDictionary<string, Action<Stream>> files,
        IReadOnlyDictionary<string, string> notes)
    {
        Dictionary<string, CheckpointManifest.Part> parts = new(StringComparer.Ordinal);
        foreach ((string name, Action<Stream> write) in files)
        {
            string path = Path.Combine(temporary, name);
            DurableDisk.WriteNewFile(path, write);
            parts.Add(name, CheckpointManifest.Measure(path));
        }

        CheckpointManifest manifest = new(step, parts, notes);
        DurableDisk.WriteNewFile(Path.Combine(temporary, CheckpointManifest.FileName), manifest.Write);
        DurableDisk.FlushFolder(temporary);
    }

    private static void MoveIntoPlace(string temporary, string folder)
    {
        string replaced = folder + Replaced;
        // A folder cannot be renamed to the name of a folder that is not empty. So the old folder is renamed first.
        // CleanStale undoes an incomplete replacement.
        if (Directory.Exists(folder))
        {
            if (Directory.Exists(replaced)) Directory.Delete(replaced, recursive: true);
            Directory.Move(folder, replaced);
        }

        Directory.Move(temporary, folder);
        if (Directory.Exists(replaced)) TryRemove(replaced);
    }

    /// <summary>Opens a checkpoint, and begins again if a training replaced it meanwhile by a newer one.</summary>
    private Checkpoint? Open(string pointer)
    {
        for (int attempt = 1; ; attempt++)
        {
            string? pointed = PointedTo(pointer);
            try
            {
                Checkpoint? opened = Open(pointed, pointer);
                if (opened is not { Warnings.Count: > 0 } || !IsReplaced()) return opened;
            }
            catch (InvalidModelException) when (IsReplaced())
            {
                // read again below
            }

            bool IsReplaced() => attempt < MostAttempts && PointedTo(pointer) != pointed;
        }
    }

    private Checkpoint? Open(string? pointed, string pointer)
    {
        List<string> warnings = [];
        List<string> candidates = Finished();
        // A process that was killed after it wrote its first checkpoint and before the pointer leaves one folder and no
        // pointer. This is not damage.
        bool justBegun = pointer == LatestPointer && candidates.Count == 1
            && !File.Exists(Path.Combine(_root, pointer));
        if (pointed is null && candidates.Count > 0 && !justBegun)
        {
            warnings.Add(
                $"The pointer '{pointer}' in '{_root}' is missing or damaged; the newest intact checkpoint is used.");
        }

        if (pointed is not null)
        {
            // The checkpoint that the pointer names comes first. The other checkpoints follow, newest first, as a
            // fallback.
            candidates.Remove(pointed);
            candidates.Insert(0, pointed);
        }

        foreach (string name in candidates)
        {
            try
            {
                string folder = Path.Combine(_root, name);
                CheckpointManifest manifest = CheckpointManifest.Verify(folder);
                return new Checkpoint(folder, manifest.Step, manifest.Notes, warnings);
            }
            catch (Exception failure) when (failure is InvalidModelException or IOException
                or UnauthorizedAccessException)
            {
                warnings.Add($"Checkpoint '{name}' is skipped: {failure.Message}");
            }
        }

        return candidates.Count == 0
            ? null
            : throw new InvalidModelException(_root, 0, $"none of its {candidates.Count} checkpoints is intact; " +
                $"start the run again. {string.Join(" ", warnings)}");
    }

    /// <summary>The names of finished checkpoints, newest first. Old checkpoints of incomplete replacements are
    /// included.</summary>
    private List<string> Finished()
    {
        if (!Directory.Exists(_root)) return [];
        IEnumerable<string> names = Directory.GetDirectories(_root).Select(path => Path.GetFileName(path));
        return [.. names.Where(name => StepOf(name) >= 0).OrderByDescending(StepOf).ThenBy(name => name.Length)];
    }

    private void Prune(int keep)
    {
        string? best = PointedTo(BestPointer), latest = PointedTo(LatestPointer);
        foreach (string name in Finished().Where(n => !n.EndsWith(Replaced, StringComparison.Ordinal)).Skip(keep))
            if (name != best && name != latest) TryRemove(Path.Combine(_root, name));
    }

    private string? PointedTo(string pointer)
    {
        string path = Path.Combine(_root, pointer);
        if (!File.Exists(path) || new FileInfo(path).Length > 100) return null;
        string name = File.ReadAllText(path, Encoding.UTF8).Trim();
        return StepOf(name) >= 0 ? name : null;
    }

    private static string NameOf(long step) => Prefix + step.ToString("D8", CultureInfo.InvariantCulture);

    private static long StepOf(string name)
    {
        string core = name.EndsWith(Replaced, StringComparison.Ordinal) ? name[..^Replaced.Length] : name;
        return core.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(core.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step)
                ? step : -1;
    }

    private static bool TryRemove(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // the files only cost space, and the next start tries again
        }
    }
}
