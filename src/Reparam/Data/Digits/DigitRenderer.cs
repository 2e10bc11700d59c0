using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Draws strokes as ink. The grey level of a pixel decreases with its distance to the nearest pen stroke. Only + − × ÷
/// √ are used, in a fixed order, so that the bytes are the same on every machine.
/// </summary>
internal static class DigitRenderer
{
    private const int Side = DigitGenerator.Side;
    private const int StepsPerSpan = 6;
    private const double UnitX = 9.4, UnitY = 8.6; // pixels per stroke unit
    private const double Softness = 1.3; // width of the edge in pixels
    private const double Tremor = 0.065;
    private const double Far = 1e9;

    internal static void Render(DigitFactors factors, Rng rng, Span<byte> image)
    {
        ReadOnlySpan<DigitStrokes.Stroke> strokes = DigitStrokes.Of(factors.Digit, factors.Variant);
        Span<double> warp = stackalloc double[6];
        foreach (ref double w in warp) w = 0.13 * DigitGenerator.Centred(rng);
        // The path is moved so that the centre of its bounding box is the centre of the image.
        List<(double X, double Y, bool Lift)> path = Trace(strokes, factors, warp, rng);
        double left = path.Min(p => p.X), right = path.Max(p => p.X), top = path.Min(p => p.Y),
            bottom = path.Max(p => p.Y);
        double shiftX = (Side - 1) / 2.0 - (left + right) / 2, shiftY = (Side - 1) / 2.0 - (top + bottom) / 2;

        Span<double> squared = stackalloc double[Side * Side];
        squared.Fill(Far);
        double half = factors.Thickness / 2, reach = half + Softness / 2;
        for (int i = 1; i < path.Count; i++)
        {
            if (path[i].Lift) continue;
            Segment(
                path[i - 1].X + shiftX, path[i - 1].Y + shiftY, path[i].X + shiftX, path[i].Y + shiftY, reach, squared);
        }

        for (int i = 0; i < squared.Length; i++)
        {
            if (squared[i] >= reach * reach)
            {
                image[i] = 0;
                continue;
            }

            double t = Math.Min(1, (reach - Math.Sqrt(squared[i])) / Softness);
            image[i] = (byte)(255 * (t * t * (3 - 2 * t)) + 0.5);
        }
    }

    /// <summary>The strokes as a chain of points in pixels. <c>Lift</c> marks the first point of a new
    /// stroke.</summary>
    private static List<(double X, double Y, bool Lift)> Trace(
        ReadOnlySpan<DigitStrokes.Stroke> strokes, DigitFactors factors, ReadOnlySpan<double> warp, Rng rng)
    {
        List<(double X, double Y, bool Lift)> path = new(128);
        (double sin, double cos) = SinCos(factors.Rotation);
        Span<double> x = stackalloc double[16], y = stackalloc double[16];
        foreach (DigitStrokes.Stroke stroke in strokes)
        {
            int count = stroke.Points.Length / 2;
            for (int i = 0; i < count; i++)
            {
                double u = stroke.Points[2 * i], v = stroke.Points[2 * i + 1];
                // End points have no tremor, because another stroke may begin there.
                if (stroke.Closed || (i > 0 && i < count - 1))
                {
                    u += Tremor * DigitGenerator.Centred(rng);
                    v += Tremor * DigitGenerator.Centred(rng);
                }

                double bentX = u + warp[0] * u * v + warp[1] * v * v + warp[2] * v;
                double bentY = v + warp[3] * u * v + warp[4] * u * u + warp[5] * u;
                double sheared = (bentX - factors.Slant * bentY) * UnitX * factors.Scale;
                double height = bentY * UnitY * factors.Scale;
                x[i] = cos * sheared - sin * height;
                y[i] = sin * sheared + cos * height;
            }

            int spans = stroke.Closed ? count : count - 1;
            path.Add((x[0], y[0], Lift: true));
            for (int i = 0; i < spans; i++)
            {
                int next = (i + 1) % count;
                if (!stroke.Smooth)
                {
                    path.Add((x[next], y[next], Lift: false));
                    continue;
                }

                int before = stroke.Closed ? (i + count - 1) % count : Math.Max(i - 1, 0);
                int after = stroke.Closed ? (i + 2) % count : Math.Min(i + 2, count - 1);
                for (int step = 1; step <= StepsPerSpan; step++)
                {
                    double t = step / (double)StepsPerSpan;
                    path.Add((Spline(x[before], x[i], x[next], x[after], t),
                        Spline(y[before], y[i], y[next], y[after], t), Lift: false));
                }
            }
        }

        return path;
    }

    /// <summary>The Catmull-Rom cubic (Catmull and Rom 1974) between b and c.</summary>
    private static double Spline(double a, double b, double c, double d, double t) =>
        b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

    /// <summary>Updates the smallest squared distances of the pixels near a segment.</summary>
    private static void Segment(double ax, double ay, double bx, double by, double reach, Span<double> squared)
    {
        int left = Math.Max(0, (int)(Math.Min(ax, bx) - reach)),
            right = Math.Min(Side - 1, (int)(Math.Max(ax, bx) + reach) + 1);
        int top = Math.Max(0, (int)(Math.Min(ay, by) - reach)),
            bottom = Math.Min(Side - 1, (int)(Math.Max(ay, by) + reach) + 1);
        double dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
        double inverse = length > 0 ? 1 / length : 0;
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                double px = column - ax, py = row - ay;
                double t = Math.Clamp((px * dx + py * dy) * inverse, 0, 1);
                double ex = px - t * dx, ey = py - t * dy, distance = ex * ex + ey * ey;
                ref double best = ref squared[row * Side + column];
                if (distance < best) best = distance;
            }
        }
    }

    /// <summary>Taylor polynomials. The error is below 1e-9 for the small angles used here, and the bits are the same
    /// on every machine.</summary>
    private static (double Sin, double Cos) SinCos(double angle)
    {
        double s = angle * angle;
        return (angle * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72)))),
            1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56))));
    }
}
