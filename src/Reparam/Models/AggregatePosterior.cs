using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A decomposition of the KL of a bound, in nats per datum. With the aggregate posterior q(z) = 1/N sum_n q(z|x_n), the
/// KL is the mutual information of datum and code plus the KL of the aggregate posterior to the prior (Hoffman and
/// Johnson 2016): E_x KL(q(z|x) || p(z)) = I(x; z) + KL(q(z) || p(z)). If the prior's variables are independent, the
/// second part is the total correlation plus a KL for each variable (Chen et al. 2018): KL(q(z) || p(z)) = KL(q(z) ||
/// prod_j q(z_j)) + sum_j KL(q(z_j) || p(z_j)).
/// </summary>
/// <remarks>
/// The estimate uses one draw z_i ~ q(z|x_i) for each of N data points: log q(z_i) = log 1/N sum_j q(z_i|x_j). It is
/// unbiased for the q(z) of these N data points. As an estimate for a larger data set it is biased: the mutual
/// information is too low, because it cannot exceed log N, and the KL of the aggregate posterior and the total
/// correlation are too high by the same amount. The KL(q(z_j) || p(z_j)) of a single variable has little bias. See
/// <see cref="IsSaturated"/>. The draws add noise to each number, so a number near 0 may be negative. The two parts sum
/// to the KL estimated from these draws, not to its closed form.
/// </remarks>
/// <param name="Count">N, the number of data points that the estimate uses.</param>
/// <param name="MutualInformation">I(x; z).</param>
/// <param name="MarginalKL">KL(q(z) || p(z)).</param>
/// <param name="TotalCorrelation">KL(q(z) || prod_j q(z_j)); null if the posterior's variables are not independent
/// given x.</param>
/// <param name="MarginalKLPerDimension">KL(q(z_j) || p(z_j)) for each variable j; empty if the variables of the
/// posterior or of the prior are not independent.</param>
public sealed record AggregatePosterior(int Count, double MutualInformation, double MarginalKL,
    double? TotalCorrelation, IReadOnlyList<double> MarginalKLPerDimension)
{
    /// <summary>The largest number of data points that an estimate uses, because every draw is scored under the
    /// posterior of every data point. For codes of more than 300 numbers the limit is lower.</summary>
    public const int MostData = 1000;

    // The limit for flows, because a flow is inverted for every pair.
    private const int MostDataOfFlows = 200;
    private const double MostElements = 3e8; // of all pairs; codes above 300 numbers use fewer data points
    private const int RowsAtOnce = 125;
    private const int ElementsAtOnce = 1 << 18; // about the size of a second-level cache

    /// <summary>log N, the upper limit of the estimate of the mutual information.</summary>
    public double Ceiling => PortableMath.Log(Count);

    /// <summary>
    /// Whether the mutual information is within one nat of <see cref="Ceiling"/>. In that case most draws have almost
    /// no density under the posterior of any other data point, and N data points are too few to estimate q(z) in all
    /// dimensions together. The mutual information is then only a lower bound, and the KL of the aggregate posterior
    /// and the total correlation are upper bounds.
    /// </summary>
    public bool IsSaturated => MutualInformation > Ceiling - 1;

    /// <summary>Estimates the decomposition from at most <see cref="MostData"/> data points. They are spread evenly
    /// over the data set, because a data set may be ordered by class. The result is null if there is no estimate: for
    /// fewer than two data points, for several latents, for relaxed draws, for a posterior that is a point among real
    /// vectors, for a flow without <paramref name="invertsFlows"/>, and for densities that are not finite.</summary>
    /// <param name="count">The number of data points in the data set.</param>
    /// <param name="infer">Runs the inference with exact draws. The first argument is the indices of the data points.
    /// The second argument is the number of data points that the estimate uses before them, which positions the noise.
    /// It is called twice for the same arguments, and must return the same result each time.</param>
    /// <param name="invertsFlows">Whether flow posteriors are inverted for each pair of 200 data points. This can take
    /// many times as long as everything else. If false, a flow posterior gives null.</param>
    public static AggregatePosterior? Estimate(
        int count, Func<int[], int, InferencePass> infer, bool invertsFlows = false)
    {
        ArgumentNullException.ThrowIfNull(infer);
        return count < 2 ? null : Draws.Make(count, MostData, infer, invertsFlows)?.Split(infer);
    }

    /// <summary>A draw of each data point's code, and its log-densities under its own posterior and under the
    /// prior.</summary>
    private sealed class Draws(int[] indices)
    {
        private readonly List<Tensor> _parts = [];
        private double _own, _prior; // sums of log q(z|x) and log p(z)
        private double[]? _priors = []; // sums of log p(z_j)
        private Tensor _values = null!;

        private int Count => indices.Length;

        public static Draws? Make(int count, int most, Func<int[], int, InferencePass> infer, bool invertsFlows)
        {
            int looked = Math.Min(count, most);
            var draws = new Draws([.. Enumerable.Range(0, looked).Select(i => (int)((long)i * count / looked))]);
            for (int start = 0; start < looked; start += RowsAtOnce)
            {
                using var scope = new TensorScope();
                // With several latents, one latent may depend on the draw of another. A pass does not contain its
                // posterior given a different draw.
                if (infer(draws.Indices(start), start).Latents is not [{ IsRelaxed: false } latent]) return null;
                // A point among real vectors has no density that could be compared with that of the prior.
                if (latent.Posterior is Delta { EventShape.Rank: 1 }) return null;
                bool isFlow = latent.Posterior is ReparameterizedDistribution { ScoresItsDraws: true };
                if (isFlow && !invertsFlows) return null;
                int affordable = isFlow ? MostDataOfFlows
                    : Math.Max(2, (int)Math.Sqrt(MostElements / latent.Posterior.EventShape.Size));
                if (looked > affordable) return Make(count, affordable, infer, invertsFlows);
                draws.Add(latent);
            }

            draws._values = Tensor.Concat(0, [.. draws._parts]).Keep();
            return draws;
        }

        public AggregatePosterior? Split(Func<int[], int, InferencePass> infer)
        {
            LogSums joint = new(Count), each = new(0);
            for (int start = 0; start < Count; start += RowsAtOnce)
            {
                using var scope = new TensorScope();
                int[] data = Indices(start);
                Distribution posterior = infer(data, start).Latents[0].Posterior;
                Distribution? variables = LatentTerm.VariablesOf(posterior);
                // Sums over the data are faster if the data are the last axis.
                Normal? columns = posterior is DiagonalNormal normal
                    ? Normal.FromLogVariance(normal.Loc.Permute(1, 0), normal.LogScale.Permute(1, 0) * 2) : null;
                if (variables is not null && each.Size == 0) each = new LogSums(Count * variables.BatchShape[^1]);
                int draws = Math.Clamp(ElementsAtOnce / (data.Length * posterior.EventShape.Size), 1, Count);
                for (int at = 0; at < Count; at += draws)
                {
                    using var inner = new TensorScope();
                    int now = Math.Min(draws, Count - at);
                    Tensor values = _values.Slice(0, at, now).Reshape([now, 1, .. posterior.EventShape]);
                    if (variables is null)
                    {
                        joint.Add(at, posterior.LogProb(values.BroadcastTo([now, data.Length, .. posterior.EventShape]))
                            .LogSumExp(1));
                        continue;
                    }

                    if (columns is not null)
                    {
                        // [draws, variables, data]
                        Tensor turned = columns.LogProb(values.Reshape([now, values.Shape[^1], 1]));
                        joint.Add(at, turned.Sum(1).LogSumExp(1));
                        each.Add(at * turned.Shape[1], turned.LogSumExp(2));
                        continue;
                    }

                    // [draws, data, variables]
                    Tensor pairs = variables.LogProb(values);
                    joint.Add(at, pairs.Sum(^1).LogSumExp(1));
                    each.Add(at * pairs.Shape[^1], pairs.LogSumExp(1));
                }
            }

            return Read(joint, each);
        }

        private int[] Indices(int start) => indices[start..Math.Min(start + RowsAtOnce, Count)];

        private AggregatePosterior? Read(LogSums joint, LogSums each)
        {
            double logCount = PortableMath.Log(Count);
            int variables = each.Size / Count;
            double aggregate = joint.Sum(0, 1) / Count - logCount;
            double[] marginals =
                [.. Enumerable.Range(0, variables).Select(j => each.Sum(j, variables) / Count - logCount)];
            var split = new AggregatePosterior(
                Count,
                _own / Count - aggregate,
                aggregate - _prior / Count,
                variables > 0 ? aggregate - marginals.Sum() : null,
                _priors?.Length == variables ? [.. marginals.Zip(_priors, (q, p) => q - p / Count)] : []);
            return double.IsFinite(split.MutualInformation) && double.IsFinite(split.MarginalKL)
                && split.MarginalKLPerDimension.Append(split.TotalCorrelation ?? 0).All(double.IsFinite) ? split : null;
        }

        private void Add(LatentTerm latent)
        {
            Tensor value = latent.Value.Slice(0, 0, 1), own = latent.LogPosterior, prior = latent.Prior.LogProb(value);
            for (int i = 0; i < own.Size; i++)
            {
                _own += own.At(i);
                _prior += prior.At(i);
            }

            Tensor values = value.Reshape(latent.Value.Shape[1..]);
            Tensor? priors = LatentTerm.VariablesOf(latent.Prior)?.LogProb(values);
            if (priors is null) _priors = null;
            else if (_priors is not null)
            {
                if (_priors.Length == 0) _priors = new double[priors.Shape[^1]];
                for (int i = 0; i < priors.Size; i++) _priors[i % _priors.Length] += priors.At(i);
            }

            _parts.Add(values.Keep());
        }
    }

    /// <summary>Logarithms of sums of exponentials. Terms are added step by step, and the sums are kept in
    /// double.</summary>
    private sealed class LogSums(int size)
    {
        private readonly double[] _maximum = [.. Enumerable.Repeat(double.NegativeInfinity, size)];
        private readonly double[] _sum = new double[size];

        public int Size => _sum.Length;

        /// <summary>Adds a term to each sum from <paramref name="start"/> on.</summary>
        public void Add(int start, Tensor terms)
        {
            for (int i = 0; i < terms.Size; i++)
            {
                double term = terms.At(i), maximum = _maximum[start + i];
                if (double.IsNegativeInfinity(term)) continue;
                if (term > maximum)
                {
                    (_sum[start + i], _maximum[start + i]) =
                        (_sum[start + i] * PortableMath.Exp(maximum - term) + 1, term);
                }
                else _sum[start + i] += PortableMath.Exp(term - maximum);
            }
        }

        /// <summary>The sum of every <paramref name="stride"/>-th logarithm.</summary>
        public double Sum(int first, int stride)
        {
            double total = 0;
            for (int i = first; i < Size; i += stride) total += _maximum[i] + PortableMath.Log(_sum[i]);
            return total;
        }
    }
}
