namespace Reparam.Data;

/// <summary>
/// The pen strokes of each digit. A stroke is a list of points that it passes through, in a box of height 2 around the
/// origin with the y axis downwards. A smooth stroke is a curve through its points. A straight stroke has corners at
/// its points. A closed stroke returns to its first point.
/// </summary>
internal static class DigitStrokes
{
    private static readonly Stroke[][][] Digits =
    [
        [[Loop(0.05, -1, 0.44, -0.74, 0.6, 0, 0.42, 0.74, 0, 1, -0.44, 0.74, -0.6, 0, -0.42, -0.74)]],
        [
            [Lines(0, -1, 0, 1)],
            [Lines(-0.34, -0.62, 0.04, -1, 0.04, 0.97), Lines(-0.42, 0.97, 0.5, 0.97)],
        ],
        [[Curve(-0.56, -0.55, -0.3, -0.9, 0.14, -0.98, 0.5, -0.62, 0.36, -0.12, -0.1, 0.4, -0.6, 0.93),
            Curve(-0.6, 0.93, 0, 0.9, 0.64, 0.95)]],
        [[Curve(-0.5, -0.76, -0.08, -1, 0.4, -0.8, 0.4, -0.36, -0.12, -0.06),
            Curve(-0.12, -0.06, 0.46, 0.12, 0.54, 0.58, 0.1, 0.97, -0.54, 0.76)]],
        [
            [Lines(-0.42, -0.95, -0.58, 0.08, 0.62, 0.04), Lines(0.4, -0.9, 0.32, 1)],
            [Lines(0.28, 1, 0.28, -1, -0.62, 0.3, 0.66, 0.3)],
        ],
        [[Lines(0.54, -0.95, -0.36, -0.95, -0.46, -0.14),
            Curve(-0.46, -0.14, 0, -0.34, 0.46, -0.08, 0.5, 0.46, 0.1, 0.94, -0.54, 0.78)]],
        [[Curve(0.36, -0.98, -0.16, -0.6, -0.5, 0.06, -0.48, 0.62, -0.06, 0.97, 0.4, 0.78, 0.48, 0.34, 0.14, 0.06,
            -0.24, 0.18, -0.48, 0.56)]],
        [
            [Lines(-0.58, -0.88, 0.58, -0.9), Curve(0.58, -0.9, 0.22, -0.1, -0.06, 1)],
            [Lines(-0.58, -0.78, -0.54, -0.94, 0.58, -0.94), Curve(0.58, -0.94, 0.2, -0.1, -0.08, 1),
                Lines(-0.26, 0.02, 0.52, 0)],
        ],
        [[Loop(0, -0.04, -0.42, -0.44, -0.3, -0.88, 0.06, -1, 0.4, -0.8, 0.36, -0.4, 0, -0.04, -0.44, 0.36, -0.42, 0.8,
            0, 1, 0.44, 0.8, 0.42, 0.36)]],
        [[Loop(0.46, -0.5, 0.26, -0.92, -0.14, -0.98, -0.48, -0.6, -0.32, -0.16, 0.12, -0.12),
            Curve(0.48, -0.72, 0.46, 0.1, 0.26, 1)]],
    ];

    /// <summary>The number of ways of writing a digit.</summary>
    internal static int Variants(int digit) => Digits[digit].Length;

    internal static ReadOnlySpan<Stroke> Of(int digit, int variant) => Digits[digit][variant];

    private static Stroke Loop(params double[] points) => new(points, Smooth: true, Closed: true);

    private static Stroke Curve(params double[] points) => new(points, Smooth: true, Closed: false);

    private static Stroke Lines(params double[] points) => new(points, Smooth: false, Closed: false);

    /// <summary>One stroke of the pen. The points are stored as x, y, x, y, ...</summary>
    internal sealed record Stroke(double[] Points, bool Smooth, bool Closed);
}
