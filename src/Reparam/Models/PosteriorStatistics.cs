using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Watches q(z|x) over a data set for posterior collapse: the variance over the data of each dimension's posterior mean, and the mean KL of
/// each dimension. A one-hot variable counts as one dimension, with the sum of its coordinates' variances. Accumulates in double, datum by datum, so the result does not depend on batches.
/// </summary>
public sealed class PosteriorStatistics
{
    /// <summary>Burda, Grosse and Salakhutdinov (2016): a unit is active where Var_x(E_q[z|x]) exceeds this.</summary>
    public const double ActiveThreshold = 0.01;

    private double[] _mean = [];
    private double[] _squares = []; // sums of squared deviations (Welford)
    private int _coordinates = 1; // of a dimension
    private double[] _kl = [];
    private bool _hasKL = true;

    /// <summary>Number of data seen.</summary>
    public long Count { get; private set; }

    /// <summary>The variance over the data of each dimension's posterior mean.</summary>
    public IReadOnlyList<double> MeanVariance => [.. _squares.Chunk(_coordinates).Select(s => s.Sum() / Count)];

    /// <summary>Number of dimensions whose posterior mean varies by more than <see cref="ActiveThreshold"/>.</summary>
    public int ActiveUnits => MeanVariance.Count(v => v > ActiveThreshold);

    /// <summary>KL(q(z_j|x) || p(z_j)) averaged over the data; empty where posterior and prior are not of independent variables with a closed form.</summary>
    public IReadOnlyList<double> KLPerDimension => _hasKL ? [.. _kl.Select(k => k / Count)] : [];

    /// <summary>Adds the posterior of a batch.</summary>
    public void Add(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        LatentTerm latent = pass.Latents[0];
        Tensor mean = Encoder.PointOf(latent.Posterior);
        int size = latent.Posterior.EventShape.Size, dimensions = latent.Posterior.EventShape[0];
        if (_mean.Length == 0) (_mean, _squares, _kl, _coordinates) = (new double[size], new double[size], new double[dimensions], size / dimensions);
        Tensor? kl = latent.ComponentwiseKL();
        _hasKL &= kl is not null;
        for (int i = 0; i < mean.Size; i++)
        {
            int j = i % size;
            if (j == 0) Count++;
            double deviation = mean.At(i) - _mean[j];
            _mean[j] += deviation / Count;
            _squares[j] += deviation * (mean.At(i) - _mean[j]);
        }

        for (int i = 0; i < (kl?.Size ?? 0); i++) _kl[i % dimensions] += kl!.At(i);
    }
}
