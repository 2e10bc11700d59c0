namespace Reparam.Data;

/// <summary>One pass of a PNG picture: a grid of its pixels. A picture that is not interlaced has one pass.</summary>
/// <param name="X">The column of the first pixel.</param>
/// <param name="Y">The row of the first pixel.</param>
/// <param name="StepX">The distance of neighbouring pixels in a row.</param>
/// <param name="StepY">The distance of neighbouring rows.</param>
/// <param name="Columns">The pixels in a row of the pass.</param>
/// <param name="Rows">The rows of the pass.</param>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY, int Columns, int Rows);
