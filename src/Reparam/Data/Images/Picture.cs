namespace Reparam.Data;

/// <summary>
/// A decoded picture: 8-bit samples, row-major, with the channels of a pixel together. The first row is the top of the
/// picture as a viewer shows it.
/// </summary>
public sealed class Picture
{
    private readonly byte[] _samples;

    /// <summary>A picture of samples, which are not copied. No other code may write to them afterwards.</summary>
    /// <param name="width">The number of pixels in a row.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="channels">1 grey; 2 grey and alpha; 3 red, green, blue; 4 red, green, blue, alpha.</param>
    /// <param name="samples">height × width × channels bytes.</param>
    /// <exception cref="ArgumentException">The picture is empty, has another number of channels, or the number of
    /// samples does not fit it.</exception>
    public Picture(int width, int height, int channels, byte[] samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (width < 1 || height < 1)
            throw new ArgumentException($"A picture has at least one pixel, not {width} x {height}.");
        if (channels is < 1 or > 4)
            throw new ArgumentException($"A picture has 1 to 4 channels, not {channels}.", nameof(channels));
        if (samples.Length / channels / width != height || samples.Length % ((long)channels * width) != 0)
        {
            throw new ArgumentException($"A picture of {width} x {height} with {channels} channel(s) does not have " +
                $"{samples.Length} samples.", nameof(samples));
        }

        (Width, Height, Channels, _samples) = (width, height, channels, samples);
    }

    /// <summary>The number of pixels in a row.</summary>
    public int Width { get; }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>1 grey; 2 grey and alpha; 3 red, green, blue; 4 red, green, blue, alpha.</summary>
    public int Channels { get; }

    /// <summary>The samples, height × width × channels. Alpha 0 is transparent, 255 is opaque, and colours are not
    /// multiplied by it.</summary>
    public ReadOnlySpan<byte> Samples => _samples;

    /// <summary>
    /// Copies a row on a white ground with another number of channels. A colour c with opacity a becomes
    /// (c·a + 255·(255 − a)) / 255, rounded. Red, green and blue become grey as
    /// (19595·R + 38470·G + 7471·B + 32768) / 65536 (ITU-R BT.601); grey becomes three equal channels.
    /// </summary>
    /// <param name="y">The row.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="row">width × channels bytes.</param>
    internal void CopyRow(int y, int channels, Span<byte> row)
    {
        ReadOnlySpan<byte> source = _samples.AsSpan(y * Width * Channels, Width * Channels);
        if (Channels == channels)
        {
            source.CopyTo(row);
            return;
        }

        bool colour = Channels >= 3, alpha = Channels is 2 or 4;
        for (int x = 0; x < Width; x++)
        {
            ReadOnlySpan<byte> pixel = source.Slice(x * Channels, Channels);
            int opacity = alpha ? pixel[^1] : 255;
            int red = OnWhite(pixel[0], opacity);
            int green = colour ? OnWhite(pixel[1], opacity) : red, blue = colour ? OnWhite(pixel[2], opacity) : red;
            if (channels == 3)
            {
                row[3 * x] = (byte)red;
                row[3 * x + 1] = (byte)green;
                row[3 * x + 2] = (byte)blue;
            }
            else
            {
                row[x] = colour ? (byte)((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16) : (byte)red;
            }
        }
    }

    private static int OnWhite(int colour, int opacity) => (colour * opacity + 255 * (255 - opacity) + 127) / 255;
}
