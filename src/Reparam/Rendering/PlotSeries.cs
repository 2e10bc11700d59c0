namespace Reparam.Rendering;

/// <summary>A series of points in a plot, with a name.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Points">The points, in the order in which a line joins them.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
