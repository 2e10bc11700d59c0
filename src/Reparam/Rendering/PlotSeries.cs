namespace Reparam.Rendering;

/// <summary>Points under one name in a plot.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Points">The points, in the order in which a line joins them.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
