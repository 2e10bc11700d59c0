namespace Reparam.Data;

/// <summary>The data of the IDAT chunks of a PNG file, one after the other, without a copy.</summary>
internal sealed class PngDataStream(IReadOnlyList<ReadOnlyMemory<byte>> parts) : Stream
{
    private int _part, _at;

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

    public override int Read(Span<byte> buffer)
    {
        int filled = 0;
        while (filled < buffer.Length && _part < parts.Count)
        {
            ReadOnlySpan<byte> left = parts[_part].Span[_at..];
            int taken = Math.Min(left.Length, buffer.Length - filled);
            left[..taken].CopyTo(buffer[filled..]);
            (filled, _at) = (filled + taken, _at + taken);
            if (_at == parts[_part].Length) (_part, _at) = (_part + 1, 0);
        }

        return filled;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
