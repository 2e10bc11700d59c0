using System.Runtime.InteropServices;
using JpegLibrary;

namespace Reparam.Formats;

/// <summary>Receives the decoded blocks of a JPEG file and converts its components to grey or red, green,
/// blue.</summary>
internal sealed class JpegSamples(JpegHeader header) : JpegBlockOutputWriter
{
    private const int Side = 8, Half = 128;

    private readonly byte[] _samples = new byte[header.Width * header.Height * header.Components];

    /// <inheritdoc/>
    public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
    {
        if (x >= header.Width || y >= header.Height) return;
        ReadOnlySpan<short> block = MemoryMarshal.CreateReadOnlySpan(ref blockRef, Side * Side);
        int columns = Math.Min(Side, header.Width - x), rows = Math.Min(Side, header.Height - y);
        int step = header.Components;
        for (int r = 0; r < rows; r++)
        {
            int to = ((y + r) * header.Width + x) * step + componentIndex;
            for (int c = 0; c < columns; c++, to += step)
                _samples[to] = (byte)Math.Clamp(block[r * Side + c], (short)0, (short)255);
        }
    }

    /// <summary>
    /// The picture as grey or red, green, blue, height × width × channels. YCbCr is converted by JFIF:
    /// R = Y + 1.402·(Cr − 128), G = Y − 0.344136·(Cb − 128) − 0.714136·(Cr − 128), B = Y + 1.772·(Cb − 128), in steps
    /// of 1/65536. With the ink K, red is (255 − C)·(255 − K) / 255; files with an Adobe marker store 255 − ink.
    /// </summary>
    internal byte[] ToColours()
    {
        int components = header.Components;
        if (components == 1 || (components == 3 && !header.IsYcc)) return _samples;
        byte[] colours = components == 3 ? _samples : new byte[header.Width * header.Height * 3];
        bool stored = header.Adobe is not null;
        for (int from = 0, to = 0; from < _samples.Length; from += components, to += 3)
        {
            int a = _samples[from], b = _samples[from + 1], c = _samples[from + 2];
            if (header.IsYcc) (a, b, c) = Rgb(a, b - Half, c - Half);
            if (components == 4)
            {
                int k = _samples[from + 3];
                if (header.IsYcc) (a, b, c) = (255 - a, 255 - b, 255 - c);
                if (!stored) (a, b, c, k) = (255 - a, 255 - b, 255 - c, 255 - k);
                (a, b, c) = ((a * k + 127) / 255, (b * k + 127) / 255, (c * k + 127) / 255);
            }

            (colours[to], colours[to + 1], colours[to + 2]) = ((byte)a, (byte)b, (byte)c);
        }

        return colours;
    }

    private static (int Red, int Green, int Blue) Rgb(int y, int cb, int cr) => (
        Math.Clamp(y + ((91881 * cr + 32768) >> 16), 0, 255),
        Math.Clamp(y + ((-22554 * cb - 46802 * cr + 32768) >> 16), 0, 255),
        Math.Clamp(y + ((116130 * cb + 32768) >> 16), 0, 255));
}
