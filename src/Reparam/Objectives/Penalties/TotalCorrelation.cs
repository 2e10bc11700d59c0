using System.Globalization;
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// A weight on the total correlation KL(q(z) || prod_j q(z_j)) of the aggregate posterior q(z) = 1/N sum_n q(z|x_n),
/// and optionally a weight on the mutual information of data and codes (beta-TCVAE: Chen et al. 2018). If the KL has
/// weight 1, a weight of beta - 1 here gives the paper's objective with that beta and alpha = gamma = 1. The densities
/// of q(z) are estimated from the batch.
/// </summary>
public sealed class TotalCorrelation : Penalty
{
    private readonly int _dataCount;
    private readonly double _weight, _mutualInformation;
    private readonly AggregateSampling _sampling;

    /// <summary>The penalty for <paramref name="dataCount"/> training data.</summary>
    /// <param name="dataCount">N, the number of training data.</param>
    /// <param name="weight">The weight of the total correlation, in addition to its weight in the KL.</param>
    /// <param name="mutualInformation">The weight of the mutual information, in addition to its weight in the
    /// KL.</param>
    /// <param name="sampling">How the aggregate posterior is estimated.</param>
    public TotalCorrelation(int dataCount, double weight, double mutualInformation = 0,
        AggregateSampling sampling = AggregateSampling.Stratified)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dataCount);
        _dataCount = dataCount;
        _weight = Weight(weight, nameof(weight));
        _mutualInformation = Weight(mutualInformation, nameof(mutualInformation));
        _sampling = sampling;
    }

    /// <inheritdoc/>
    public override string Name => string.Create(
        CultureInfo.InvariantCulture,
        $"total correlation " +
            $"x {_weight}{(_mutualInformation > 0 ? $", mutual information x {_mutualInformation}" : "")}, minibatch " +
            $"{(_sampling == AggregateSampling.Weighted ? "weighted" : "stratified")} sampling over {_dataCount} data");

    /// <summary>False: the total correlation is not negative, but its estimate is a difference of logarithms of
    /// estimates, each biased downwards, and may be negative.</summary>
    public override bool IsNonNegative => false;

    /// <inheritdoc/>
    public override bool ComparesData => true;

    /// <inheritdoc/>
    public override bool NeedsPath => true;

    /// <inheritdoc/>
    public override Tensor Evaluate(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        (Tensor own, Tensor joint, Tensor product) = Densities(pass);
        Tensor penalty = (joint - product).Mean() * _weight;
        return _mutualInformation > 0 ? penalty + (own - joint).Mean() * _mutualInformation : penalty;
    }

    /// <summary>The estimates of the total correlation and of the mutual information, scalars in nats.</summary>
    public (Tensor TotalCorrelation, Tensor MutualInformation) Estimate(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        (Tensor own, Tensor joint, Tensor product) = Densities(pass);
        return ((joint - product).Mean(), (own - joint).Mean());
    }

    /// <summary>log q(z|x) of the draws, log q(z), and the sum of log q(z_j) over the dimensions; each has shape [K,
    /// B].</summary>
    private (Tensor Own, Tensor Joint, Tensor Product) Densities(InferencePass pass)
    {
        Tensor? own = null, joint = null, product = null;
        Tensor logWeights = LogWeights(pass.Count, pass.LogLikelihood.DType);
        foreach (LatentTerm latent in pass.Latents)
        {
            // [K, i, j, dimension]: the draws of data point i under the posterior of data point j.
            Tensor pairs = latent.PairwiseLogPosterior();
            Tensor each = (pairs + logWeights.Reshape([pass.Count, pass.Count, 1])).LogSumExp(2).Sum(^1);
            Tensor whole = pairs.Sum(^1);
            joint = joint is null ? whole : joint + whole;
            product = product is null ? each : product + each;
            own = own is null ? latent.LogPosterior : own + latent.LogPosterior;
        }

        if (joint is null)
            throw new ArgumentException("A model without latents has no total correlation.", nameof(pass));
        return (own!, (joint + logWeights).LogSumExp(2), product!);
    }

    /// <summary>The logarithms of the weights w_ij in log q(z_i) = log sum_j w_ij q(z_i|x_j), for the data points i and
    /// j of a batch of B, [B, B].</summary>
    internal Tensor LogWeights(int batch, DType dtype)
    {
        double n = Math.Max(_dataCount, batch);
        int others = batch - 1;
        // In a batch of one the only data point has weight 1. A row has only three different weights, so three
        // logarithms are enough.
        (double own, double next, double rest) = _sampling == AggregateSampling.Weighted
            ? (1 / (n * batch), 1 / (n * batch), 1 / (n * batch))
            : others == 0 ? (1, 1, 1)
            : (1 / n, (n - others) / (n * others), 1.0 / others);
        (own, next, rest) = (PortableMath.Log(own), PortableMath.Log(next), PortableMath.Log(rest));
        Tensor weights = Tensor.From([batch, batch], logs =>
        {
            Array.Fill(logs, rest);
            for (int i = 0; i < batch; i++)
            {
                logs[i * batch + (i + 1) % batch] = next;
                logs[i * batch + i] = own;
            }
        });
        return weights.To(dtype);
    }
}

/// <summary>Settings of an ELBO with a <see cref="TotalCorrelation"/> (Chen et al. 2018).</summary>
public sealed record BetaTcvaeSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<BetaTcvaeSettings>(
        "beta-tcvae", "the ELBO with a weight on the total correlation",
        [
            .. OfDraws, BetaSetting, .. OfKL,
            Setting.Real<BetaTcvaeSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight of the total correlation, beta in the paper", new Bounds(1, double.PositiveInfinity)),
            Setting.Choice<BetaTcvaeSettings, AggregateSampling>(
                "sampling", s => s.Sampling, (s, v) => s with { Sampling = v }, "estimator of the aggregate posterior",
                ("stratified", AggregateSampling.Stratified), ("weighted", AggregateSampling.Weighted)),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight of the total correlation, beta in the paper.</summary>
    public double Penalty { get; init; } = 6;

    /// <summary>How the aggregate posterior is estimated.</summary>
    public AggregateSampling Sampling { get; init; } = AggregateSampling.Stratified;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) =>
        Bound(parts, new TotalCorrelation(Math.Max(1, parts.DataCount), Penalty - 1, sampling: Sampling));
}
