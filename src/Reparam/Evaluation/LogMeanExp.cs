using Reparam.Tensors;


namespace Reparam.Evaluation;

/// <summary>The log of the mean of exponentials, computed one term at a time and without overflow. It keeps the running
/// maximum and the sum relative to the maximum, in double precision.</summary>
internal struct LogMeanExp
{
    private double _maximum;
    private double _sum;

    public int Count { get; private set; }

    /// <summary>log (1/n) sum exp(terms); -infinity if all terms are -infinity, NaN without terms.</summary>
    public readonly double Value => Count == 0 ? double.NaN : _maximum + PortableMath.Log(_sum / Count);

    public void Add(double term)
    {
        if (Count++ == 0) (_maximum, _sum) = (term, 1);
        else if (term <= _maximum) _sum += double.IsNegativeInfinity(term) ? 0 : PortableMath.Exp(term - _maximum);
        else
        {
            (_maximum, _sum) =
                (term, (double.IsNegativeInfinity(_maximum) ? 0 : _sum * PortableMath.Exp(_maximum - term)) + 1);
        }
    }
}
