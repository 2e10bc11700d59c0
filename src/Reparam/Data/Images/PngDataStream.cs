namespace Reparam.Data;

/// <summary>The data of the IDAT chunks of a PNG file, one after the other, without a copy.</summary>
internal sealed class PngDataStream(IReadOnlyList<ReadOnlyMemory<byte>> parts) : ForwardStream
{
    private int _part, _at;

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
}
