namespace Reparam.Configuration;

/// <summary>The finite numbers that a setting may have.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="IsAbove">Whether the least itself is excluded.</param>
/// <param name="IsBelow">Whether the largest itself is excluded.</param>
public readonly record struct Bounds(double Minimum, double Maximum, bool IsAbove = false, bool IsBelow = false)
{
    /// <summary>Every finite number.</summary>
    public static Bounds Finite { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>0 and above.</summary>
    public static Bounds NonNegative { get; } = new(0, double.PositiveInfinity);

    /// <summary>Above 0.</summary>
    public static Bounds Positive { get; } = new(0, double.PositiveInfinity, IsAbove: true);

    /// <summary>0 and above, below 1.</summary>
    public static Bounds Fraction { get; } = new(0, 1, IsBelow: true);

    /// <summary>Whether a number is finite and within the bounds.</summary>
    public bool Holds(double value) =>
        double.IsFinite(value)
        && (IsAbove ? value > Minimum : value >= Minimum)
        && (IsBelow ? value < Maximum : value <= Maximum);

    /// <summary>The bounds in words, such as "a finite number of at least 0".</summary>
    public override string ToString()
    {
        string low = FormattableString.Invariant($"{(IsAbove ? "above" : "of at least")} {Minimum}");
        string high = FormattableString.Invariant($"{(IsBelow ? "below" : "at most")} {Maximum}");
        return (double.IsFinite(Minimum), double.IsFinite(Maximum)) switch
        {
            (true, true) => $"a number {low} and {high}",
            (true, false) => $"a finite number {low}",
            (false, true) => $"a finite number {high}",
            _ => "a finite number",
        };
    }
}
