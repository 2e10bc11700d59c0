namespace Reparam.Rendering;

/// <summary>A filled band between two curves under one name in a plot, such as a predictive mean less and plus a
/// standard deviation.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Points">The lower and the upper curve at each x, x increasing.</param>
public sealed record PlotBand(string Name, IReadOnlyList<(double X, double Low, double High)> Points);
