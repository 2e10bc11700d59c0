using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// A number that changes with the training step: a learning rate, the weight of a KL term. A pure function of the
/// global step, so it continues exactly after a resume.
/// </summary>
public sealed class Schedule
{
    private readonly Func<long, double> _at;
    private readonly string _text;

    private Schedule(string text, Func<long, double> at)
    {
        _text = text;
        _at = at;
    }

    /// <summary>The value at step <paramref name="step"/>, the first step being 0.</summary>
    public double At(long step) => _at(step);

    /// <summary>A schedule of one's own.</summary>
    /// <param name="text">The schedule in words.</param>
    /// <param name="at">The value at each step, the first being 0.</param>
    public static Schedule Of(string text, Func<long, double> at)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentNullException.ThrowIfNull(at);
        return new(text, at);
    }

    /// <summary>Always <paramref name="value"/>.</summary>
    public static Schedule Constant(double value) => new(Invariant($"{value}"), _ => value);

    /// <summary>From one value to another in equal increments over <paramref name="steps"/> steps, then the second: KL
    /// warm-up (Bowman et al. 2016; Sønderby et al. 2016).</summary>
    public static Schedule Linear(double from, double to, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return new(Invariant($"linear {from} -> {to} over {steps} steps"), step => step >= steps ? to
            : from + (to - from) * (step / (double)steps));
    }

    /// <summary>Cyclical annealing (Fu et al. 2019): each cycle of <paramref name="period"/> steps rises linearly from
    /// <paramref name="from"/> to <paramref name="to"/> in its first part <paramref name="rising"/>, then
    /// stays.</summary>
    public static Schedule Cyclical(double from, double to, long period, double rising = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        if (!(rising > 0 && rising <= 1))
            throw new ArgumentOutOfRangeException(nameof(rising), "The rising part of a cycle lies in (0, 1].");
        return new(
            Invariant($"cyclical {from} -> {to}, {period} steps a cycle, {rising} rising"),
            step => from + (to - from) * Math.Min(1, step % period / (double)period / rising));
    }

    /// <summary>Multiplies by <paramref name="factor"/> every <paramref name="every"/> steps.</summary>
    public static Schedule Step(double initial, double factor, long every)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        return new(
            Invariant($"step {initial} x {factor} every {every} steps"), step => initial * Power(factor, step / every));
    }

    /// <summary>Stages that grow threefold, the first of <paramref name="first"/> steps, each with
    /// <paramref name="factor"/> times the value of the one before: with a factor of 10^(-1/7) and one epoch the
    /// learning rates of Burda, Grosse and Salakhutdinov (2016).</summary>
    public static Schedule Stages(double initial, double factor, long first)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        return new(
            Invariant($"{initial} x {factor} in stages of {first} x 3^i steps"),
            step =>
            {
                int stage = 0;
                double length = first;
                for (double start = 0; step >= start + length; length *= 3, stage++) start += length;
                return initial * Power(factor, stage);
            });
    }

    /// <summary>Multiplies by <paramref name="factor"/> each step.</summary>
    public static Schedule Exponential(double initial, double factor) =>
        new(Invariant($"exponential {initial} x {factor} each step"), step => initial * Power(factor, step));

    /// <summary>Half a cosine wave from one value to another over <paramref name="steps"/> steps, then the second
    /// (Loshchilov and Hutter 2017).</summary>
    public static Schedule Cosine(double from, double to, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return new(
            Invariant($"cosine {from} -> {to} over {steps} steps"),
            step => to + (from - to) * 0.5 * (1 + PortableMath.Cos(Math.PI * Math.Min(1, step / (double)steps))));
    }

    /// <summary>This schedule after a linear rise from 0 to its first value over <paramref name="steps"/> steps; its
    /// own clock starts when the rise is over.</summary>
    public Schedule AfterWarmUp(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return new(
            Invariant($"{_text}, after a warm-up of {steps} steps"),
            step => step < steps ? At(0) * ((step + 1) / (double)steps) : At(step - steps));
    }

    /// <summary>This schedule, but never below <paramref name="floor"/>.</summary>
    public Schedule AtLeast(double floor) =>
        new(Invariant($"{_text}, at least {floor}"), step => Math.Max(floor, At(step)));

    /// <summary>A constant.</summary>
    public static implicit operator Schedule(double value) => Constant(value);

    /// <summary>The schedule in words, for run records.</summary>
    public override string ToString() => _text;

    /// <summary>x^n by repeated squaring: the same bits everywhere, unlike the C library's pow.</summary>
    internal static double Power(double x, long n)
    {
        double result = 1;
        for (; n > 0; n >>= 1)
        {
            if ((n & 1) != 0) result *= x;
            x *= x;
        }

        return result;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
