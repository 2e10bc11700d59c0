namespace Reparam.Configuration;

/// <summary>The interval of finite numbers that a setting accepts.</summary>
/// <param name="Minimum">The smallest number.</param>
/// <param name="Maximum">The largest number.</param>
/// <param name="IsAbove">Whether <paramref name="Minimum"/> itself is excluded.</param>
/// <param name="IsBelow">Whether <paramref name="Maximum"/> itself is excluded.</param>
public readonly record struct Bounds(double Minimum, double Maximum, bool IsAbove = false, bool IsBelow = false)
{
    /// <summary>Every finite number.</summary>
    public static Bounds Finite { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>0 and every larger number.</summary>
    public static Bounds NonNegative { get; } = new(0, double.PositiveInfinity);

    /// <summary>Every number above 0.</summary>
    public static Bounds Positive { get; } = new(0, double.PositiveInfinity, IsAbove: true);

    /// <summary>Numbers from 0 (included) to 1 (excluded).</summary>
    public static Bounds Fraction { get; } = new(0, 1, IsBelow: true);

    /// <summary>The inputs that a network gets of a standardised number, whether of a cell or of a condition. A normal
    /// number is never farther out than 9.</summary>
    internal static Bounds StandardizedInput { get; } = new(-20, 20);

    /// <summary>Whether a number is finite and within the bounds.</summary>
    public bool Holds(double value) =>
        double.IsFinite(value)
        && (IsAbove ? value > Minimum : value >= Minimum)
        && (IsBelow ? value < Maximum : value <= Maximum);

    /// <summary>The bounds as text, such as "a finite number of at least 0".</summary>
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
