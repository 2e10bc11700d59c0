using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Where the KL of a bound goes, in nats per datum. With the aggregate posterior q(z) = 1/N sum_n q(z|x_n) it is the
/// mutual information of datum and code plus the KL of the codes' marginal (Hoffman and Johnson 2016): E_x KL(q(z|x) ||
/// p(z)) = I(x; z) + KL(q(z) || p(z)). Where the prior's variables are independent the second part is the total
/// correlation plus a KL for each variable (Chen et al. 2018): KL(q(z) || p(z)) = KL(q(z) || prod_j q(z_j)) + sum_j
/// KL(q(z_j) || p(z_j)).
/// </summary>
/// <remarks>
/// Estimated from one draw z_i ~ q(z|x_i) of each of N data, log q(z_i) = log 1/N sum_j q(z_i|x_j). That is without
/// bias for the q(z) of these N data. As an estimate for all data, of which there are more, the mutual information is
/// biased downwards, for it cannot exceed log N, and by as much the KL of the marginal and the total correlation
/// upwards; what KL(q(z_j) || p(z_j)) says of one variable suffers little. See <see cref="IsSaturated"/>. Draws make
/// any of these numbers differ a little from its expectation, so that one near 0 may be below it, and the two parts sum
/// to the KL as these draws have it, not to its closed form.
/// </remarks>
/// <param name="Count">N, the data that it was estimated from.</param>
/// <param name="MutualInformation">I(x; z).</param>
/// <param name="MarginalKL">KL(q(z) || p(z)).</param>
/// <param name="TotalCorrelation">KL(q(z) || prod_j q(z_j)); null where the posterior's variables are not independent
/// given x.</param>
/// <param name="MarginalKLPerDimension">KL(q(z_j) || p(z_j)); empty where the variables of posterior or prior are not
/// independent.</param>
public sealed record AggregatePosterior(int Count, double MutualInformation, double MarginalKL,
    double? TotalCorrelation, IReadOnlyList<double> MarginalKLPerDimension)
{
    /// <summary>The most data that are looked at: every draw is scored under the posterior of every datum. Of codes of
    /// more than 300 numbers there are fewer.</summary>
    public const int MostData = 1000;

    // A flow has to be inverted for every pair.
    private const int MostDataOfFlows = 200;
    private const double MostElements = 3e8; // of all pairs: codes of more than 300 numbers are looked at of fewer data
    private const int RowsAtOnce = 125;
    private const int ElementsAtOnce = 1 << 18; // about a second-level cache

    /// <summary>log N, above which the estimate of the mutual information cannot rise.</summary>
    public double Ceiling => PortableMath.Log(Count);

    /// <summary>
    /// Whether the mutual information is within a nat of <see cref="Ceiling"/>. Then most draws have hardly any density
    /// under the posterior of another datum, N data are too few to know q(z) in all dimensions together, and the mutual
    /// information is a lower bound, the KL of the marginal and the total correlation are upper ones.
    /// </summary>
    public bool IsSaturated => MutualInformation > Ceiling - 1;

    /// <summary>The split over <see cref="MostData"/> data at most, spread evenly since sets may be ordered by class;
    /// null where it cannot be told: fewer than two data, several latents, one that was drawn relaxed, a point among
    /// real vectors, a flow where these are not inverted, densities that are not finite.</summary>
    /// <param name="count">Data there are.</param>
    /// <param name="infer">The inference with exact draws of the data at some indices, the first of which is the n-th
    /// datum that is looked at: where its noise begins. Asked twice, and gives the same each time.</param>
    /// <param name="invertsFlows">Whether flow posteriors are inverted for each pair of 200 data, which can take many
    /// times as long as all else; else they give null.</param>
    public static AggregatePosterior? Estimate(
        int count, Func<int[], int, InferencePass> infer, bool invertsFlows = false)
    {
        ArgumentNullException.ThrowIfNull(infer);
        return count < 2 ? null : Draws.Make(count, MostData, infer, invertsFlows)?.Split(infer);
    }

    /// <summary>A draw of each datum's code, and what its own posterior and the prior say of it.</summary>
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
                // Of several latents one may depend on the draw of another, and then a pass does not say what another
                // draw would have made of it.
                if (infer(draws.Indices(start), start).Latents is not [{ IsRelaxed: false } latent]) return null;
                // A point among real vectors has no density to compare with the prior's.
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
                // Sums over the data are faster where these lie along the last axis.
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

    /// <summary>Logarithms of sums of exponentials, some terms at a time, kept in double.</summary>
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
