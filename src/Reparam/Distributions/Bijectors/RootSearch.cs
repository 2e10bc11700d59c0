using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// The search for one root of an increasing function. The caller evaluates the function: evaluate it at
/// <see cref="At"/>, then call <see cref="Take"/>.
/// </summary>
internal struct RootSearch
{
    private readonly double _goal, _limit, _epsilon;
    private readonly bool _single;
    private double _low, _high, _reach, _best, _error, _slope;
    private bool _lowSeen, _highSeen;

    /// <summary>
    /// Creates a search for g(x) = <paramref name="goal"/> that starts at the goal and expects the root within
    /// <paramref name="reach"/> of it.
    /// </summary>
    public RootSearch(double goal, double reach, DType dtype)
    {
        _single = dtype == DType.Float32;
        (_goal, _limit) = (goal, _single ? float.MaxValue : double.MaxValue);
        _epsilon = _single ? 1.1920929e-7 : 2.220446049250313e-16;
        // A little more than the bound, because the bound itself is rounded.
        _reach = Math.Min(1.01 * reach + 4 * _epsilon * Math.Abs(goal), _limit);
        if (double.IsNaN(_reach)) _reach = _limit;
        (_low, _high) = (Rounded(goal - _reach), Rounded(goal + _reach));
        (At, _best, _error, Finished) = (goal, goal, double.NaN, false);
    }

    /// <summary>
    /// The point where the function must be evaluated next. Once <see cref="Finished"/> is true, it is the root, or NaN
    /// if there is no root.
    /// </summary>
    public double At { get; private set; }

    /// <summary>Whether <see cref="At"/> is the result.</summary>
    public bool Finished { get; private set; }

    /// <summary>
    /// Takes the value and the slope of the function at <see cref="At"/>, and moves <see cref="At"/>.
    /// </summary>
    public void Take(double value, double slope)
    {
        double error = value - _goal;
        if (double.IsNaN(error) || double.IsInfinity(_goal))
        {
            End(double.NaN);
            return;
        }

        // The first residual is compared with NaN and counts as progress.
        bool progress = !(Math.Abs(error) > 0.5 * Math.Abs(_error));
        if (!(Math.Abs(error) >= Math.Abs(_error))) (_best, _error, _slope) = (At, error, slope);
        if (Math.Abs(error) <= 0.5 * _epsilon * Math.Abs(_goal))
        {
            End(At);
            return;
        }

        Int128 width = Width;
        if (error > 0) (_high, _highSeen) = (At, true);
        else (_low, _lowSeen) = (At, true);
        progress |= Width <= width / 2;
        double next = progress ? Rounded(Newton()) : double.NaN;
        if (!Inside(next)) next = Middle;
        while (!Inside(next))
        {
            if (!Widen()) return;
            next = Middle;
        }

        At = next;
    }

    private readonly Int128 Width => (Int128)Order(_high) - Order(_low);

    /// <summary>
    /// The floating-point number in the middle of the bracket: the bracket has equally many numbers on both sides of
    /// it.
    /// </summary>
    private readonly double Middle => FromOrder((long)(((Int128)Order(_low) + Order(_high)) >> 1));

    private readonly bool Inside(double x) => x > _low && x < _high;

    private readonly double Rounded(double x) => Math.Clamp(_single ? (float)x : x, -_limit, _limit);

    /// <summary>
    /// The Newton step from the best point. It is at least two units in the last place of the best point, so that the
    /// last step changes the sign of the residual and the bracket closes.
    /// </summary>
    private readonly double Newton()
    {
        double size = Math.Abs(_best), unit = FromOrder(Order(size) + 1) - size;
        return _best - Math.Sign(_error) * Math.Max(Math.Abs(_error / _slope), 2 * unit);
    }

    /// <summary>
    /// Moves each end of a closed bracket at which the function was never evaluated. If there is no such end, the
    /// search ends.
    /// </summary>
    private bool Widen()
    {
        bool below = !_lowSeen && _low > -_limit, above = !_highSeen && _high < _limit;
        if (below || above)
        {
            _reach = Math.Min(2 * _reach, _limit);
            // The end moves by at least one floating-point number, even if the reach is very small.
            if (below) _low = Math.Min(Rounded(_low - _reach), FromOrder(Order(_low) - 1));
            if (above) _high = Math.Max(Rounded(_high + _reach), FromOrder(Order(_high) + 1));
            return true;
        }

        End(_lowSeen && _highSeen ? _best : double.NaN);
        return false;
    }

    private void End(double root) => (At, Finished) = (root, true);

    /// <summary>The position of a number among all numbers of its type; 0 for the number 0.</summary>
    private readonly long Order(double x)
    {
        double size = Math.Abs(x);
        long place = _single ? BitConverter.SingleToInt32Bits((float)size) : BitConverter.DoubleToInt64Bits(size);
        return x < 0 ? -place : place;
    }

    private readonly double FromOrder(long order)
    {
        long place = Math.Abs(order);
        double size = _single ? BitConverter.Int32BitsToSingle((int)place) : BitConverter.Int64BitsToDouble(place);
        return order < 0 ? -size : size;
    }
}
