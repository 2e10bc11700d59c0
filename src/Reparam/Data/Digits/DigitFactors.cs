namespace Reparam.Data;

/// <summary>The known causes of one generated digit: what a disentangled representation should find.</summary>
/// <param name="Digit">The class, 0 to 9.</param>
/// <param name="Variant">Which way of writing it, 0 or 1; classes 1, 4 and 7 have two.</param>
/// <param name="Slant">Horizontal shear per unit of height; positive leans to the right.</param>
/// <param name="Rotation">Clockwise rotation in radians.</param>
/// <param name="Scale">Size relative to the mean digit.</param>
/// <param name="Thickness">Width of the pen in pixels.</param>
public readonly record struct DigitFactors(
    int Digit, int Variant, double Slant, double Rotation, double Scale, double Thickness);
