using Reparam.Serialization;

namespace Reparam.Data;

public static partial class DatasetCatalog
{
    // A published file is at most its content plus what packing adds; a server that sends more is not sending it.
    private const long Slack = 1 << 20;

    /// <summary>Downloads the files of a set that are not there yet or damaged. Each is proved by its SHA-256 before it
    /// takes its place.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="directory">The data directory; <see cref="DataDirectory.Resolve"/> where null.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="client">What to fetch with.</param>
    /// <param name="cancellation">Stops the download; nothing half-fetched stays behind.</param>
    /// <returns>The files as they are afterwards.</returns>
    /// <exception cref="IOException">A file cannot be fetched or written; the message says how to put it there by
    /// hand.</exception>
    /// <exception cref="InvalidDataFileException">What the server sent is not the published file.</exception>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    public static async Task<IReadOnlyList<DatasetFileStatus>> FetchAsync(
        string name, string? directory, IProgress<FetchProgress>? progress, HttpClient client,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        DatasetEntry entry = Find(name);
        string folder = FolderOf(entry, directory);
        foreach (DatasetFile file in entry.Files)
        {
            if (Look(file, folder).State == DatasetFileState.Valid) continue;
            string target = Path.Combine(folder, file.Name), temporary = target + TemporaryName.Suffix();
            try
            {
                Directory.CreateDirectory(folder);
                await Download(file, temporary, progress, client, cancellation).ConfigureAwait(false);
                file.Read(temporary);
                System.IO.File.Move(temporary, target, overwrite: true);
            }
            catch (InvalidDataFileException failure)
            {
                throw new InvalidDataFileException(
                    file.Url.ToString(), failure.Offset ?? 0,
                    $"what the server sent is not the published file; get it elsewhere and put it at '{target}' " +
                        $"(SHA-256 of its unpacked content: {file.ContentSha256}).", failure);
            }

            // A client's own timeout surfaces as a cancellation that nobody asked for.
            catch (Exception failure) when (failure is HttpRequestException or IOException
                or UnauthorizedAccessException
                || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                throw new IOException(
                    $"'{file.Name}' could not be fetched from {file.Url}: {failure.Message} Without " +
                        $"a connection, put the file at '{target}' by hand; the SHA-256 of its unpacked content is " +
                        $"{file.ContentSha256}.", failure);
            }
            finally
            {
                System.IO.File.Delete(temporary);
            }
        }

        return Verify(name, directory);
    }

    private static async Task Download(DatasetFile file, string path, IProgress<FetchProgress>? progress,
        HttpClient client, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await client.GetAsync(
            file.Url, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        long? total = response.Content.Headers.ContentLength;
        Stream source = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            FileStream target = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await using (target.ConfigureAwait(false))
            {
                byte[] buffer = new byte[128 * 1024];
                long received = 0;
                while (true)
                {
                    int read = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false);
                    if (read == 0) break;
                    received += read;
                    if (received > file.ContentBytes + Slack)
                    {
                        throw new IOException(
                            $"The server sends more than the {file.ContentBytes} bytes the file can have.");
                    }

                    await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                    progress?.Report(new FetchProgress(file, received, total));
                }
            }
        }
    }
}
