using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Statistics of q(z|x) over a data set, which show posterior collapse: the variance over the data of each dimension's
/// posterior mean, and the mean KL of each dimension. A one-hot variable counts as one dimension; its variance is the
/// sum of the variances of its coordinates. The sums are accumulated in double, one datum at a time, so the result does
/// not depend on the batches.
/// </summary>
public sealed class PosteriorStatistics
{
    /// <summary>A unit is active if Var_x(E_q[z|x]) exceeds this (Burda, Grosse and Salakhutdinov 2016).</summary>
    public const double ActiveThreshold = 0.01;

    private readonly List<Dimensions> _latents = [];
    private readonly List<(string Name, double Total)> _parts = [];

    /// <summary>Number of data points added.</summary>
    public long Count { get; private set; }

    /// <summary>The variance over the data of each dimension's posterior mean: the dimensions of the first latent, then
    /// those of the next.</summary>
    public IReadOnlyList<double> MeanVariance => [.. _latents.SelectMany(l => l.MeanVariance(Count))];

    /// <summary>Number of dimensions whose posterior mean varies by more than <see cref="ActiveThreshold"/>.</summary>
    public int ActiveUnits => MeanVariance.Count(v => v > ActiveThreshold);

    /// <summary>The number of active dimensions and the number of all dimensions of each latent, by name.</summary>
    public IReadOnlyList<(string Name, int Active, int Dimensions)> ActiveByLatent =>
        [.. _latents.Select(
            l => (l.Name, l.MeanVariance(Count).Count(v => v > ActiveThreshold), l.MeanVariance(Count).Count()))];

    /// <summary>KL(q(z_j|x) || p(z_j)) of each dimension, averaged over the data. Empty if the variables of the
    /// posterior or the prior are not independent, or if the KL of a latent has no closed form or the latent is not
    /// drawn (<see cref="InferencePass.KLParts"/>).</summary>
    public IReadOnlyList<double> KLPerDimension => _parts.Count == 0 && _latents.All(l => l.KL is not null)
        ? [.. _latents.SelectMany(l => l.KL!).Select(k => k / Count)] : [];

    /// <summary>The KL of each latent, averaged over the data, by name. It is in closed form where there is one;
    /// otherwise it is estimated from the draws, for example where the prior of a latent depends on later
    /// draws. The parts without draws follow.</summary>
    public IReadOnlyList<(string Name, double KL)> KLByLatent =>
    [
        .. _latents.Select(l => (l.Name, l.TotalKL / Count)), .. _parts.Select(e => (e.Name, e.Total / Count)),
    ];

    /// <summary>Adds the posterior of a batch.</summary>
    public void Add(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (_latents.Count == 0) _latents.AddRange(pass.Latents.Select(l => new Dimensions(l)));
        IReadOnlyList<Tensor>? points = pass.Points?.Invoke();
        for (int i = 0; i < _latents.Count; i++)
        {
            _latents[i].Add(
                pass.Latents[i], points?[i] ?? Encoder.PointOf(pass.Latents[i].Posterior), Count, pass.Count);
        }

        for (int i = 0; i < pass.KLParts.Count; i++)
        {
            KLPart part = pass.KLParts[i];
            if (Count == 0) _parts.Add((part.Name, 0));
            Tensor each = part.Value.Mean(0);
            double total = _parts[i].Total;
            for (int n = 0; n < each.Size; n++) total += each.At(n);
            _parts[i] = (part.Name, total);
        }

        Count += pass.Count;
    }

    /// <summary>The statistics of one latent.</summary>
    private sealed class Dimensions(LatentTerm first)
    {
        // All coordinates of a one-hot variable are one dimension.
        private readonly int _coordinates = first.Posterior.EventShape.Size / first.Posterior.EventShape[0];
        // Running means and sums of squared deviations (Welford).
        private readonly double[] _mean = new double[first.Posterior.EventShape.Size],
            _squares = new double[first.Posterior.EventShape.Size];
        private double _whole;

        public string Name { get; } = first.Name;

        public double[]? KL { get; private set; } = new double[first.Posterior.EventShape[0]];

        /// <summary>The sum over the data of the KL of all dimensions.</summary>
        public double TotalKL => KL?.Sum() ?? _whole;

        public IEnumerable<double> MeanVariance(long count) =>
            _squares.Chunk(_coordinates).Select(s => s.Sum() / count);

        public void Add(LatentTerm latent, Tensor mean, long seen, int count)
        {
            // If the pass gives no points, use the mean over the draws that the latent depends on. It contains their
            // noise.
            if (mean.Rank > 1 + latent.Posterior.EventShape.Rank) mean = mean.Mean(0);
            for (int i = 0; i < mean.Size; i++)
            {
                int j = i % _mean.Length;
                if (j == 0) seen++;
                double deviation = mean.At(i) - _mean[j];
                _mean[j] += deviation / seen;
                _squares[j] += deviation * (mean.At(i) - _mean[j]);
            }

            Tensor? kl = latent.ComponentwiseKL();
            if (kl is null) KL = null;
            if (kl is { Rank: > 2 }) kl = kl.Mean(0);
            for (int i = 0; i < (KL is null ? 0 : count * KL.Length); i++) KL![i % KL.Length] += kl!.At(i);
            if (kl is not null) return;
            Tensor whole = latent.ClosedFormKL() ?? latent.LogPosterior - latent.Prior.LogProb(latent.Value);
            if (whole.Rank > 1) whole = whole.Mean(0);
            for (int i = 0; i < count; i++) _whole += whole.At(i);
        }
    }
}
