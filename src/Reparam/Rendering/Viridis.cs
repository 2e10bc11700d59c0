namespace Reparam.Rendering;

/// <summary>The colour map viridis (Smith and van der Walt 2015, CC0): from dark violet to yellow, with a lightness
/// that rises evenly, so that equal steps look equal, also without colours.</summary>
internal static class Viridis
{
    // Each 15th of its 256 colours, as 0xRRGGBB. Between them, the largest error is 5 of 255.
    private static readonly int[] Points =
    [
        0x440154, 0x481769, 0x472A7A, 0x433D84, 0x3D4E8A, 0x355E8D, 0x2E6D8E, 0x297B8E, 0x23898E,
        0x1F978B, 0x21A585, 0x2EB37C, 0x46C06F, 0x65CB5E, 0x89D548, 0xB0DD2F, 0xD8E219, 0xFDE725,
    ];

    /// <summary>The red, green and blue of a share, each in [0, 1]. Shares outside of [0, 1] are clipped.</summary>
    internal static (float Red, float Green, float Blue) Of(double share)
    {
        double at = double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1) * (Points.Length - 1);
        int first = Math.Min((int)at, Points.Length - 2);
        return (Channel(16), Channel(8), Channel(0));

        float Channel(int shift)
        {
            int from = Points[first] >> shift & 255, to = Points[first + 1] >> shift & 255;
            return (float)((from + (at - first) * (to - from)) / 255);
        }
    }
}
