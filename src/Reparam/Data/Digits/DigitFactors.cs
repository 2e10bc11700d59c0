namespace Reparam.Data;

/// <summary>The generative factors of one generated digit. A disentangled representation should find them.</summary>
/// <param name="Digit">The class, 0 to 9.</param>
/// <param name="Variant">The way of writing the digit, 0 or 1. Classes 1, 4 and 7 have two ways, the other classes
/// one.</param>
/// <param name="Slant">The horizontal shear per unit of height. A digit with a positive shear leans to the
/// right.</param>
/// <param name="Rotation">Clockwise rotation in radians.</param>
/// <param name="Scale">The size relative to the mean size of digits.</param>
/// <param name="Thickness">The width of the pen in pixels.</param>
public readonly record struct DigitFactors(
    int Digit, int Variant, double Slant, double Rotation, double Scale, double Thickness);
