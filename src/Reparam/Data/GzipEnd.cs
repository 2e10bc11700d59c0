namespace Reparam.Data;

/// <summary>
/// The bytes of a gzip file for <see cref="System.IO.Compression.GZipStream"/>, which takes a file that was cut off for
/// a whole one. After the last member it reads on to see whether another follows, and stops at a byte that begins none.
/// So one zero byte follows the end of the file here. After a whole file it is not a member, and no more is read. In
/// the middle of a member it is not the end, and the next read fails. Zeros that pad a file are ignored in the same
/// way.
/// </summary>
internal sealed class GzipEnd(Stream file) : ForwardStream
{
    private bool _isPast;

    /// <exception cref="InvalidDataException">The file ends in the middle of its compressed data.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = file.Read(buffer);
        if (read > 0 || buffer.IsEmpty) return read;
        if (_isPast) throw new InvalidDataException("the compressed data end before they are complete");
        _isPast = true;
        buffer[0] = 0;
        return 1;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
