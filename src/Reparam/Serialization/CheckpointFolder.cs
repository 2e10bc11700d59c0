using System.Globalization;
using System.Text;

namespace Reparam.Serialization;

/// <summary>
/// A run folder's <c>checkpoints/</c>: each checkpoint a folder <c>step-00001000</c> that appears whole or not at all,
/// and two small pointer files, <c>latest</c> and <c>best</c>. However a run ends, the last finished checkpoint is
/// there and can be told from debris.
/// </summary>
/// <remarks>One writer at a time: hold a <see cref="RunLock"/>. Reading needs no lock.</remarks>
public sealed class CheckpointFolder
{
    private const string Prefix = "step-";
    private const string LatestPointer = "latest";
    private const string BestPointer = "best";
    private const string Replaced = ".replaced";

    private readonly string _root;

    /// <summary>The checkpoints of a run.</summary>
    public CheckpointFolder(string runFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        _root = Path.Combine(Path.GetFullPath(runFolder), "checkpoints");
    }

    /// <summary>Writes a checkpoint; returns when it is on the disk and <c>latest</c> names it.</summary>
    /// <param name="step">The training step. A checkpoint of the same step (a run resumed from before it) is
    /// replaced.</param>
    /// <param name="files">File names and what writes them.</param>
    /// <param name="notes">What to note in the manifest, such as the config's hash.</param>
    /// <param name="best">Whether <c>best</c> names it too.</param>
    /// <param name="keep">How many of the newest to keep; older ones but the best are removed once this one is durable.
    /// 0 keeps all.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="IOException">Something cannot be written; the checkpoints before it are as they
    /// were.</exception>
    public string Write(long step, IReadOnlyDictionary<string, Action<Stream>> files,
        IReadOnlyDictionary<string, string>? notes = null, bool best = false, int keep = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        ArgumentNullException.ThrowIfNull(files);
        foreach (string name in files.Keys)
            if (!CheckpointManifest.IsPlainName(name) || name == CheckpointManifest.FileName)
                throw new ArgumentException($"'{name}' cannot be the name of a checkpoint's file.", nameof(files));

        string folder = Path.Combine(_root, NameOf(step)), temporary = folder + TemporaryName.Suffix();
        try
        {
            if (!Directory.Exists(_root))
            {
                Directory.CreateDirectory(_root);
                // or the first checkpoint could be lost with its folder
                DurableDisk.FlushFolder(Path.GetDirectoryName(_root)!);
            }

            Directory.CreateDirectory(temporary);
            Fill(temporary, step, files, notes ?? new Dictionary<string, string>());
            MoveIntoPlace(temporary, folder);
            DurableDisk.FlushFolder(_root);
            // Best first: killed between the two, a run goes on from before this step and comes to its best again. The
            // other way round it would go on from the best with a pointer to another.
            if (best) AtomicFile.WriteAllText(Path.Combine(_root, BestPointer), NameOf(step) + "\n");
            AtomicFile.WriteAllText(Path.Combine(_root, LatestPointer), NameOf(step) + "\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The checkpoint of step {step} could not be written to '{_root}', and earlier " +
                $"ones are kept: {failure.Message} Check free space and permissions, then resume.", failure);
        }
        finally
        {
            if (Directory.Exists(temporary)) TryRemove(temporary);
        }

        if (keep > 0) Prune(keep);
        return folder;
    }

    /// <summary>The newest whole checkpoint, or null when the run has none. Damaged ones are passed over, and the
    /// result says so.</summary>
    public Checkpoint? OpenLatest() => Open(PointedTo(LatestPointer), LatestPointer);

    /// <summary>The checkpoint that was marked best, the newest whole one where that is damaged or missing, or
    /// null.</summary>
    public Checkpoint? OpenBest() => Open(PointedTo(BestPointer), BestPointer);

    /// <summary>Removes what processes that are gone left unfinished. Call at the start, with the run's lock
    /// held.</summary>
    /// <returns>The names of what was removed.</returns>
    public IReadOnlyList<string> CleanStale()
    {
        List<string> removed = [];
        if (!Directory.Exists(_root)) return removed;
        foreach (string path in Directory.GetFileSystemEntries(_root).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Replaced, StringComparison.Ordinal))
            {
                // Killed between the two renames of a replacement: the old checkpoint is still the one to have.
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
        // A folder cannot be renamed over a full one: the old one steps aside first, and CleanStale undoes a half-made
        // swap.
        if (Directory.Exists(folder))
        {
            if (Directory.Exists(replaced)) Directory.Delete(replaced, recursive: true);
            Directory.Move(folder, replaced);
        }

        Directory.Move(temporary, folder);
        if (Directory.Exists(replaced)) TryRemove(replaced);
    }

    private Checkpoint? Open(string? pointed, string pointer)
    {
        List<string> warnings = [];
        List<string> candidates = Finished();
        // A kill between the very first checkpoint and its pointer leaves one folder and no pointer: nothing is wrong
        // with that.
        bool justBegun = pointer == LatestPointer && candidates.Count == 1
            && !File.Exists(Path.Combine(_root, pointer));
        if (pointed is null && candidates.Count > 0 && !justBegun)
        {
            warnings.Add(
                $"The pointer '{pointer}' in '{_root}' is missing or damaged; the newest whole checkpoint is used.");
        }

        if (pointed is not null)
        {
            // What the pointer names comes first; everything else, newest first, is what to fall back on.
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
                warnings.Add($"Checkpoint '{name}' is passed over: {failure.Message}");
            }
        }

        return candidates.Count == 0
            ? null
            : throw new InvalidModelException(_root, 0, $"none of its {candidates.Count} checkpoints is whole; start " +
                $"the run again. {string.Join(" ", warnings)}");
    }

    /// <summary>Names of finished checkpoints (and of ones that stepped aside and never came back), newest
    /// first.</summary>
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
            return false; // debris only costs space; the next start tries again
        }
    }
}
