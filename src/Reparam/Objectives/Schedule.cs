using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>A number that changes with the training step, such as a learning rate or the weight of a KL term. It is a
/// pure function of the global step, so it continues exactly after training is resumed.</summary>
public sealed class Schedule
{
    private readonly Func<long, double> _at;
    private readonly string _text;

    private Schedule(string text, Func<long, double> at)
    {
        _text = text;
        _at = at;
    }

    /// <summary>The value at step <paramref name="step"/>; the first step is 0.</summary>
    public double At(long step) => _at(step);

    /// <summary>A schedule from your own function.</summary>
    /// <param name="text">The schedule in words.</param>
    /// <param name="at">The value at each step; the first step is 0.</param>
    public static Schedule Of(string text, Func<long, double> at)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentNullException.ThrowIfNull(at);
        return new(text, at);
    }

    /// <summary>A schedule that is always <paramref name="value"/>.</summary>
    public static Schedule Constant(double value) => new(Invariant($"{value}"), _ => value);

    /// <summary>
    /// Changes from <paramref name="from"/> to <paramref name="to"/> in equal increments over <paramref name="steps"/>
    /// steps, then stays at <paramref name="to"/>: KL warm-up (Bowman et al. 2016; Sønderby et al. 2016).
    /// </summary>
    public static Schedule Linear(double from, double to, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return new(Invariant($"linear {from} -> {to} over {steps} steps"), step => step >= steps ? to
            : from + (to - from) * (step / (double)steps));
    }

    /// <summary>
    /// Cyclical annealing (Fu et al. 2019). In each cycle of <paramref name="period"/> steps the value changes linearly
    /// from <paramref name="from"/> to <paramref name="to"/> during the fraction <paramref name="rising"/> of the
    /// cycle, then stays at <paramref name="to"/> until the cycle ends.
    /// </summary>
    public static Schedule Cyclical(double from, double to, long period, double rising = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        if (!(rising > 0 && rising <= 1))
            throw new ArgumentOutOfRangeException(nameof(rising), "The rising part of a cycle must lie in (0, 1].");
        return new(
            Invariant($"cyclical {from} -> {to}, {period} steps a cycle, {rising} rising"),
            step => from + (to - from) * Math.Min(1, step % period / (double)period / rising));
    }

    /// <summary>Starts at <paramref name="initial"/> and is multiplied by <paramref name="factor"/> every
    /// <paramref name="every"/> steps.</summary>
    public static Schedule Step(double initial, double factor, long every)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        return new(
            Invariant($"step {initial} x {factor} every {every} steps"), step => initial * Power(factor, step / every));
    }

    /// <summary>
    /// Constant stages. The first stage has <paramref name="first"/> steps; each later stage is three times as long as
    /// the stage before and has <paramref name="factor"/> times its value. With a factor of 10^(-1/7) and a first stage
    /// of one epoch these are the learning rates of Burda, Grosse and Salakhutdinov (2016).
    /// </summary>
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

    /// <summary>Starts at <paramref name="initial"/> and is multiplied by <paramref name="factor"/> each
    /// step.</summary>
    public static Schedule Exponential(double initial, double factor) =>
        new(Invariant($"exponential {initial} x {factor} each step"), step => initial * Power(factor, step));

    /// <summary>Half a cosine wave from <paramref name="from"/> to <paramref name="to"/> over <paramref name="steps"/>
    /// steps, then constant at <paramref name="to"/> (Loshchilov and Hutter 2017).</summary>
    public static Schedule Cosine(double from, double to, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return new(
            Invariant($"cosine {from} -> {to} over {steps} steps"),
            step => to + (from - to) * 0.5 * (1 + PortableMath.Cos(Math.PI * Math.Min(1, step / (double)steps))));
    }

    /// <summary>This schedule after a linear rise from 0 to its first value over <paramref name="steps"/> steps. Step 0
    /// of this schedule is the step at which the rise ends.</summary>
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

    /// <summary>A constant schedule.</summary>
    public static implicit operator Schedule(double value) => Constant(value);

    /// <summary>The schedule in words, for run records.</summary>
    public override string ToString() => _text;

    /// <summary>x^n by repeated squaring. The result has the same bits on every machine, unlike pow of the C
    /// library.</summary>
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
