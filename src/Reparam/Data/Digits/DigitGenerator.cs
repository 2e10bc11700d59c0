using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Generates the built-in data: any number of digits in the style of handwriting, 28 × 28 grey levels, with known
/// generative factors and without a download. Image <c>i</c> is a pure function of the seed and of <c>i</c>. It does
/// not depend on the number of images. It is the same to the bit on every machine, because only exactly rounded
/// operations (+ − × ÷ √) are used.
/// </summary>
public sealed class DigitGenerator
{
    /// <summary>Width and height of an image in pixels.</summary>
    public const int Side = 28;

    /// <summary>Number of pixels of an image.</summary>
    public const int Pixels = Side * Side;

    private readonly Rng _rng;

    /// <summary>A generator with a seed.</summary>
    public DigitGenerator(ulong seed)
    {
        Seed = seed;
        _rng = new Rng(seed).Split("digits");
    }

    /// <summary>The seed that determines all images.</summary>
    public ulong Seed { get; }

    /// <summary>The generative factors of image <paramref name="index"/>.</summary>
    public DigitFactors Factors(int index) => Draw(RngAt(index));

    /// <summary>Draws image <paramref name="index"/>: 28 × 28 grey levels, row-major, with ink at 255 and paper at
    /// 0.</summary>
    /// <exception cref="ArgumentException">The destination does not have 784 elements.</exception>
    public DigitFactors Render(int index, Span<byte> image)
    {
        if (image.Length != Pixels)
        {
            throw new ArgumentException(
                $"A digit needs {Pixels} bytes, and the destination has {image.Length}.", nameof(image));
        }

        Rng rng = RngAt(index);
        DigitFactors factors = Draw(rng);
        // The random tremor of the strokes is drawn after the factors from the same stream, so both depend only on
        // (seed, index).
        DigitRenderer.Render(factors, rng, image);
        return factors;
    }

    /// <summary>
    /// A labelled data set of <paramref name="count"/> digits, which starts with image <paramref name="firstIndex"/>.
    /// An image is drawn when it is first read.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive, or the first index is
    /// negative.</exception>
    public Dataset Generate(int count, int firstIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(firstIndex);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) labels[i] = Factors(checked(firstIndex + i)).Digit;
        var rows = new GeneratedRows(count, Pixels, (i, image) => Render(firstIndex + i, image));
        return Dataset.Generated("digits", [Side, Side], rows, labels);
    }

    private Rng RngAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return _rng.At(step: 0, firstSample: index);
    }

    private static DigitFactors Draw(Rng rng)
    {
        int digit = rng.NextInt32(10);
        int variant = rng.NextInt32(DigitStrokes.Variants(digit));
        return new DigitFactors(
            digit,
            variant,
            Slant: 0.15 + 0.4 * Centred(rng),
            Rotation: 0.26 * Centred(rng),
            Scale: 1 + 0.14 * Centred(rng),
            Thickness: 2.3 + 1.0 * Centred(rng));
    }

    /// <summary>A random number in (−1, 1) with a triangular density around 0: the difference of two uniform
    /// numbers.</summary>
    internal static double Centred(Rng rng) => rng.NextDouble() - rng.NextDouble();
}
