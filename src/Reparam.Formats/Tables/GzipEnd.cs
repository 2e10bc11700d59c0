namespace Reparam.Formats;

/// <summary>
/// The bytes of a gzip file for <see cref="System.IO.Compression.GZipStream"/>, which takes a file that was cut off for
/// a whole one. After the last member it reads on to see whether another follows, and stops at a byte that begins none.
/// So one zero byte follows the end of the file here. After a whole file it is not a member, and no more is read. In
/// the middle of a member it is not the end, and the next read fails. Zeros that pad a file are ignored in the same
/// way.
/// </summary>
internal sealed class GzipEnd(Stream file) : Stream
{
    private bool _isPast;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
