namespace Reparam.Rendering;

/// <summary>A filled band between two curves in a plot, with a name. An example is the band from mean minus to mean
/// plus one standard deviation of a prediction.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Points">The lower and the upper curve at each x, in increasing order of x.</param>
public sealed record PlotBand(string Name, IReadOnlyList<(double X, double Low, double High)> Points);
