namespace Reparam.Data;

/// <summary>The files below a folder that may be pictures.</summary>
/// <param name="Files">The files, in the ordinal order of their names.</param>
/// <param name="Links">The number of symbolic links, which are not followed.</param>
internal sealed record PictureListing(IReadOnlyList<PictureFile> Files, int Links)
{
    private const int DeepestFolder = 64;

    /// <summary>
    /// Lists a folder and the folders in it. Hidden files and folders are left out, and so are folders that contain a
    /// run. Links are not followed, so no file outside the folder is read.
    /// </summary>
    /// <exception cref="InvalidDataFileException">There are too many files, or folders are nested too deep.</exception>
    internal static PictureListing Of(string root)
    {
        List<PictureFile> files = [];
        int links = 0;
        Walk(new DirectoryInfo(root), "", 0);
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new PictureListing(files, links);

        void Walk(DirectoryInfo folder, string prefix, int depth)
        {
            if (depth > DeepestFolder)
                throw new InvalidDataFileException(root, $"its folders are nested more than {DeepestFolder} deep.");
            var all = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
            foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos("*", all))
            {
                if (entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden)) continue;
                if (entry.LinkTarget is not null || entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                {
                    links++;
                }
                else if (entry is DirectoryInfo inner)
                {
                    if (!IsRun(inner.FullName)) Walk(inner, $"{prefix}{entry.Name}/", depth + 1);
                }
                else if (files.Count < PictureOptions.MaxPictures)
                {
                    files.Add(new PictureFile(prefix + entry.Name, entry.FullName));
                }
                else
                {
                    throw new InvalidDataFileException(
                        root, $"it contains more than {PictureOptions.MaxPictures} files; use a part of them.");
                }
            }
        }
    }

    /// <summary>Whether a folder is a run, whose samples are pictures too.</summary>
    private static bool IsRun(string folder) =>
        File.Exists(Path.Combine(folder, "config.json")) && File.Exists(Path.Combine(folder, "environment.json"));
}
