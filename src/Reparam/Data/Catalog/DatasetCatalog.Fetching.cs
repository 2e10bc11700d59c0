using Reparam.Serialization;

namespace Reparam.Data;

public static partial class DatasetCatalog
{
    // A published file has at most the bytes of its content plus the overhead of compression. A server that sends more
    // sends another file.
    private const long Slack = 1 << 20;

    /// <summary>Downloads the files of a data set that are missing or damaged. The SHA-256 of each file is checked
    /// before the file is moved to its place.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="directory">The data directory; null uses <see cref="DataDirectory.Resolve"/>.</param>
    /// <param name="progress">Receives the progress of the download; may be null.</param>
    /// <param name="client">The HTTP client for the downloads.</param>
    /// <param name="cancellation">Stops the download. An incomplete file is deleted.</param>
    /// <returns>The status of all files after the download.</returns>
    /// <exception cref="IOException">A file cannot be downloaded or written. The message says how to put it in its
    /// place by hand.</exception>
    /// <exception cref="InvalidDataFileException">The server sent a file that is not the published file.</exception>
    /// <exception cref="ArgumentException">There is no such data set.</exception>
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
                    $"the server did not send the published file; get the file elsewhere and put it at '{target}' " +
                        $"(SHA-256 of its unpacked content: {file.ContentSha256}).", failure);
            }

            // A timeout of the client is reported as a cancellation although nobody requested one.
            catch (Exception failure) when (failure is HttpRequestException or IOException
                or UnauthorizedAccessException
                || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                throw new IOException(
                    $"'{file.Name}' could not be downloaded from {file.Url}: {failure.Message} Without " +
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
                            $"The server sends more than the {file.ContentBytes} bytes of the file.");
                    }

                    await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                    progress?.Report(new FetchProgress(file, received, total));
                }
            }
        }
    }
}
