using System.Security.Cryptography;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>Decodes pictures and scales them to one shape, on all threads. Only the scaled pictures are kept in
/// memory.</summary>
/// <param name="source">The folder or file, for messages.</param>
/// <param name="options">How the pictures are converted.</param>
/// <param name="notes">Receives sentences about choices, and about files that are left out.</param>
internal sealed class PictureReader(string source, PictureOptions options, Action<string>? notes)
{
    private const int MostNamed = 3; // files in a note

    private const int MostAtOnce = 16; // each thread holds one picture in its full size

    private readonly ParallelOptions _threads = new()
    {
        MaxDegreeOfParallelism = Math.Min(MostAtOnce, Execution.Threads),
    };

    /// <summary>The pictures among the files: their shape, their levels one picture after the other, and the files in
    /// the same order.</summary>
    /// <exception cref="InvalidDataFileException">No file is a picture that can be decoded, a picture is damaged and
    /// <see cref="PictureOptions.Strict"/> is set, or the pictures do not fit into memory.</exception>
    internal (Shape EventShape, ReadOnlyMemory<byte> Levels, IReadOnlyList<PictureFile> Files) Read(
        IReadOnlyList<PictureFile> files)
    {
        (int height, int width, int channels) = options.EventShape is { } wanted ? Fitting(wanted) : Chosen(files);
        int size = checked(height * width * channels);
        if ((long)size * files.Count > Array.MaxLength)
        {
            throw new InvalidDataFileException(source, $"{files.Count} pictures of {width} x {height} with " +
                $"{channels} channel(s) are more than {Array.MaxLength} bytes; use a smaller size, grey levels or " +
                "fewer pictures.");
        }

        byte[] levels = new byte[size * files.Count];
        string?[] problems = new string?[files.Count];
        bool[] isPicture = new bool[files.Count], isColour = new bool[files.Count];
        byte[]?[] contents = new byte[]?[files.Count];
        int decoded = 0;
        using PictureCache? cache = files.Count > 1 ? Cache((height, width, channels)) : null;
        Parallel.For(0, files.Count, _threads, i =>
        {
            problems[i] = Problem(files[i], file =>
            {
                if (file.Content(options.Formats) is not var (decoder, content)) return;
                Span<byte> target = levels.AsSpan(i * size, size);
                if (cache is not null) contents[i] = SHA256.HashData(content);
                if (cache?.TryRead(contents[i], target, out isColour[i]) != true)
                {
                    Picture picture = decoder.Decode(file.Path, content, options.MaxSamples);
                    isColour[i] = picture.Channels >= 3;
                    PictureScaling.Scale(picture, channels, height, width, options.Crop, target);
                    Interlocked.Increment(ref decoded);
                }

                isPicture[i] = true;
            });
        });
        Tell(files, isPicture, problems);
        if (cache is not null && decoded > 0)
            Save(cache, contents, isPicture, isColour, i => levels.AsMemory(i * size, size));
        bool colour = Enumerable.Range(0, files.Count).Any(i => isPicture[i] && isColour[i]);
        int kept = 0;
        for (int i = 0; i < files.Count; i++)
        {
            if (!isPicture[i]) continue;
            levels.AsSpan(i * size, size).CopyTo(levels.AsSpan(kept++ * size));
        }

        // All pictures are grey: their three channels are equal.
        bool grey = channels == 3 && !colour && options.EventShape is null;
        if (grey)
        {
            int pixels = height * width;
            for (int i = 0; i < kept; i++) levels.AsSpan(3 * i * pixels, pixels).CopyTo(levels.AsSpan(i * pixels));
            (size, channels) = (pixels, 1);
        }

        Shape shape = options.EventShape ?? (channels == 1 ? [height, width] : [channels, height, width]);
        return (shape, levels.AsMemory(0, kept * size), [.. files.Where((_, i) => isPicture[i])]);
    }

    /// <summary>The cache of this folder; null if there is none.</summary>
    private PictureCache? Cache((int, int, int) size)
    {
        if (options.Formats.Cache is not { } folder) return null;
        try
        {
            return new PictureCache(folder, source, options, size);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            NoCache(failure);
            return null;
        }
    }

    private void Save(PictureCache cache, byte[]?[] contents, bool[] isPicture, bool[] isColour,
        Func<int, ReadOnlyMemory<byte>> levels)
    {
        int[] kept = [.. Enumerable.Range(0, contents.Length).Where(i => isPicture[i])];
        try
        {
            cache.Save([.. kept.Select(i => contents[i]!)], [.. kept.Select(i => isColour[i])], i => levels(kept[i]));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            NoCache(failure);
        }
    }

    private void NoCache(Exception failure) => notes?.Invoke(
        $"'{source}': the decoded pictures are not kept, and are decoded again next time: {failure.Message}");

    /// <summary>The size that the options ask for, or that the pictures have.</summary>
    private (int Height, int Width, int Channels) Chosen(IReadOnlyList<PictureFile> files)
    {
        int channels = options.Grey ? 1 : 3, size = options.Size;
        if (size > 0) return (size, size, channels);
        (int Width, int Height)?[] sizes = new (int, int)?[files.Count];
        Parallel.For(0, files.Count, _threads, i =>
            Problem(files[i], file => sizes[i] = file.Measure(options.Formats)));
        (int Width, int Height)[] different = [.. sizes.OfType<(int Width, int Height)>().Distinct()];
        if (different is [(<= PictureOptions.LargestKept, <= PictureOptions.LargestKept) same])
            return (same.Height, same.Width, channels);
        if (different.Length > 0)
        {
            string why = different.Length > 1 ? "the pictures have different sizes"
                : $"the pictures have {different[0].Width} x {different[0].Height} pixels";
            string how = options.Crop == PictureCrop.Center ? "cut to a square and scaled" : "scaled";
            notes?.Invoke($"'{source}': {why}, and each is {how} to {PictureOptions.DefaultSize} x " +
                $"{PictureOptions.DefaultSize} (--size chooses another size)");
        }

        return (PictureOptions.DefaultSize, PictureOptions.DefaultSize, channels);
    }

    private (int Height, int Width, int Channels) Fitting(Shape wanted) => wanted.Rank switch
    {
        2 => (wanted[0], wanted[1], 1),
        3 when wanted[0] is 1 or 3 => (wanted[1], wanted[2], wanted[0]),
        _ => throw new InvalidDataFileException(
            source, $"it holds pictures, and the model takes data of shape {wanted}; choose other data."),
    };

    /// <summary>What is wrong with a picture; null if the work on it succeeds.</summary>
    private static string? Problem(PictureFile file, Action<PictureFile> work)
    {
        try
        {
            work(file);
            return null;
        }
        catch (Exception failure) when (failure is InvalidDataFileException or IOException
            or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    /// <summary>Throws or tells which files were left out.</summary>
    private void Tell(IReadOnlyList<PictureFile> files, bool[] isPicture, string?[] problems)
    {
        int[] broken = [.. Enumerable.Range(0, files.Count).Where(i => problems[i] is not null)];
        int[] other = [.. Enumerable.Range(0, files.Count).Where(i => problems[i] is null && !isPicture[i])];
        bool none = !isPicture.Contains(true);
        if (broken.Length > 0 && (options.Strict || none))
        {
            string more = broken.Length > 1 ? $" ({broken.Length} of {files.Count} files cannot be read)" : "";
            throw new InvalidDataFileException(source, $"{problems[broken[0]]}{more}");
        }

        if (none)
        {
            throw new InvalidDataFileException(source, "it contains no pictures; give a folder with pictures, the " +
                "path of a data file, or the name of a known data set (with its folder as --data-dir).");
        }

        if (broken.Length > 0)
        {
            notes?.Invoke($"'{source}': {broken.Length} of {files.Count} files cannot be read and are left out " +
                $"(--strict refuses them): {string.Join("; ", broken.Take(MostNamed).Select(i => problems[i]))}" +
                $"{(broken.Length > MostNamed ? "; ..." : "")}");
        }

        if (other.Length > 0)
        {
            notes?.Invoke($"'{source}': {other.Length} {(other.Length == 1 ? "file is" : "files are")} left out, " +
                $"because {(other.Length == 1 ? "it is not a picture" : "they are not pictures")}: " +
                $"{string.Join(", ", other.Take(MostNamed).Select(i => files[i].Name))}" +
                $"{(other.Length > MostNamed ? ", ..." : "")}");
        }
    }
}
