namespace Reparam.Training;

/// <summary>Sums of the parts of an objective over data, in double precision. A checkpoint saves them.</summary>
public sealed class BoundTotals
{
    /// <summary>Number of data in the sums.</summary>
    public long Count { get; set; }

    /// <summary>Sum of the loss.</summary>
    public double Loss { get; set; }

    /// <summary>Sum of the bound.</summary>
    public double Bound { get; set; }

    /// <summary>Sum of the reconstruction term.</summary>
    public double Reconstruction { get; set; }

    /// <summary>Sum of the KL.</summary>
    public double KL { get; set; }

    /// <summary>Adds the means of a batch of <paramref name="count"/> data.</summary>
    public void Add(int count, double loss, double bound, double reconstruction, double kl)
    {
        Count += count;
        Loss += loss * count;
        Bound += bound * count;
        Reconstruction += reconstruction * count;
        KL += kl * count;
    }

    /// <summary>The means so far.</summary>
    public BoundMeans Means() => new(Loss / Count, Bound / Count, Reconstruction / Count, KL / Count);
}
