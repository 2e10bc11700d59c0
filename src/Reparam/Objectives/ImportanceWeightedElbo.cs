using System.Globalization;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// The importance-weighted bound E[log 1/K sum_k w_k], w = p(x, z)/q(z|x) (Burda, Grosse and Salakhutdinov 2016,
/// equation 8). It is a lower bound on log p(x) that becomes tighter as K grows; at K = 1 it is the ELBO. The gradient
/// multiplies each sample's gradient by its normalised weight. Latents without pathwise gradients get the gradient of
/// VIMCO (Mnih and Rezende 2016): the signal of a draw is the bound minus the same bound with the draw's weight
/// replaced by the geometric mean of the other draws' weights.
/// </summary>
/// <remarks>
/// Related bounds are settings of this class: <see cref="Groups"/> (MIWAE), <see cref="Partial"/> (PIWAE) and
/// <see cref="ElboShare"/> (CIWAE) of Rainforth et al. (2018), and <see cref="Order"/>, the Renyi bound of Li and
/// Turner (2016).
/// </remarks>
public sealed class ImportanceWeightedElbo : Objective
{
    /// <summary>The bound with <paramref name="samples"/> draws for each data point.</summary>
    public ImportanceWeightedElbo(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        Samples = samples;
    }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <summary>How the gradient reaches the encoder; the total gradient by default.</summary>
    public PathGradient Gradient { get; init; } = PathGradient.Total;

    /// <summary>M, the number of groups: the objective is the mean of M bounds of K/M draws each (MIWAE). With more
    /// groups the bound is looser, and the gradient of the encoder has less noise. 1 by default.</summary>
    /// <exception cref="ArgumentException">The number is below 1, or the draws cannot be divided into that many groups
    /// of one size.</exception>
    public int Groups
    {
        get;
        init => field = value >= 1 && Samples % value == 0 ? value : throw new ArgumentException(
            $"{Samples} draws cannot be divided into {value} groups of one size.", nameof(value));
    } = 1;

    /// <summary>Whether only the encoder uses <see cref="Groups"/>, while the generative model maximises the bound of
    /// all draws (PIWAE).</summary>
    public bool Partial { get; init; }

    /// <summary>The share s of the ELBO in s * ELBO + (1 - s) * (the bound of all draws), the objective of CIWAE; in
    /// [0, 1], 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside [0, 1].</exception>
    public double ElboShare
    {
        get;
        init => field = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The share of the ELBO must lie in [0, 1].");
    }

    /// <summary>
    /// alpha in the Renyi bound 1/(1 - alpha) log 1/K sum_k w_k^(1 - alpha). 0, the default, gives the
    /// importance-weighted bound; 1 gives the ELBO. Below 0 the result is mass-covering and not a lower bound.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double Order
    {
        get;
        init => field = double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The order of a Renyi bound must be finite.");
    }

    /// <inheritdoc/>
    public override string Name
    {
        get
        {
            string kind = Order != 0 ? "renyi" : ElboShare > 0 ? "ciwae" : Partial ? "piwae" : Groups > 1
                ? "miwae" : "iwae";
            List<string> parts = [Groups > 1 ? $"{Groups} groups of {Samples / Groups} samples" : $"samples {Samples}"];
            if (Partial && (Order != 0 || ElboShare > 0)) parts.Add("groups of the encoder alone");
            if (Order != 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"alpha {Order}"));
            if (ElboShare > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"share of the ELBO {ElboShare}"));
            if (Gradient == PathGradient.StickingTheLanding) parts.Add("sticking the landing");
            if (Gradient == PathGradient.DoublyReparameterized) parts.Add("doubly reparameterized");
            return $"{kind} ({string.Join(", ", parts)})";
        }
    }

    /// <summary>Whether alpha is at least 0. The expectation of the estimate is then at most log p(x); with a negative
    /// alpha it may be larger.</summary>
    public override bool IsLowerBound(long step) => Order >= 0;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model's weights are uncertain, or the model adds its own term to the
    /// loss, or a posterior is a point without a density. Or latents without pathwise gradients have fewer than two
    /// draws in a group.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        pass.RequireLatentsAlone("An importance-weighted bound");
        Tensor logWeights = pass.LogWeights;
        Tensor bound = Bound(logWeights, Groups).Mean();
        Tensor reconstruction = pass.LogLikelihood.Mean(), kl = reconstruction - logWeights.Mean();
        Tensor loss = Loss(pass, bound);
        if (!Partial || Groups == 1) return new ObjectiveValue(loss, bound, reconstruction, kl);
        Tensor whole = Bound(logWeights, 1).Mean();
        return new ObjectiveValue(-whole, whole, reconstruction, kl) { EncoderLoss = loss };
    }

    /// <summary>The bound of each data point, [B], from log weights [K, B].</summary>
    private Tensor Bound(Tensor logWeights, int groups)
    {
        (int samples, int count) = (logWeights.Shape[0], logWeights.Shape[1]);
        Tensor bound = ElboShare == 1 || Order == 1 ? logWeights.Mean(0)
            : groups == 1 ? OfGroup(logWeights, 0)
            : OfGroup(logWeights.Reshape([groups, samples / groups, count]), 1).Mean(0);
        return ElboShare is 0 or 1 ? bound : logWeights.Mean(0) * ElboShare + bound * (1 - ElboShare);
    }

    /// <summary>The bound over the draws along an axis.</summary>
    private Tensor OfGroup(Tensor logWeights, int axis)
    {
        double power = 1 - Order, log = PortableMath.Log(logWeights.Shape[axis]);
        return power == 1 ? logWeights.LogSumExp(axis) - log : ((logWeights * power).LogSumExp(axis) - log) / power;
    }

    /// <summary>The value is -bound; <see cref="Gradient"/> determines its gradient.</summary>
    private Tensor Loss(InferencePass pass, Tensor bound)
    {
        if (Gradient == PathGradient.Total)
        {
            return DiscreteGradient.LogDrawn(pass) is { } log
                ? -bound - (WithoutEach(pass.LogWeights.Detach()) * log).Sum(0).Mean().GradientOnly() : -bound;
        }

        Tensor logWeights = pass.PathLogWeights;
        Tensor surrogate = Bound(logWeights, Groups).Mean();
        if (Gradient == PathGradient.DoublyReparameterized)
        {
            Tensor path = PathWeights(logWeights.Detach());
            foreach (LatentTerm latent in pass.Latents) latent.WeighPath(path);
        }

        return -surrogate;
    }

    /// <summary>
    /// The factor for the gradient through each draw, [K, B]. Let w~ be a draw's share of its group's sum of w^(1 -
    /// alpha). The derivative of the bound multiplies the gradient of log w by w~. Reparameterizing the score a second
    /// time gives the factor w~ (alpha + (1 - alpha) w~) along the path; at alpha = 0 this is w~^2 (Tucker et al.
    /// 2019). The ELBO's share keeps its factor.
    /// </summary>
    private Tensor PathWeights(Tensor logWeights)
    {
        (int samples, int count) = (logWeights.Shape[0], logWeights.Shape[1]);
        int each = samples / Groups;
        Tensor share = (logWeights * (1 - Order)).Reshape([Groups, each, count]).SoftMaxWeights(1).Reshape(
            logWeights.Shape);
        Tensor path = share * (1 - Order) + Order;
        if (ElboShare == 0) return path;
        Tensor bound = share * ((1 - ElboShare) / Groups);
        double even = ElboShare / samples;
        return (bound * path + even) / (bound + even);
    }

    /// <summary>VIMCO's signal of each draw, [K, B]: the bound minus a prediction of the bound from only the other
    /// draws of the group.</summary>
    private Tensor WithoutEach(Tensor logWeights)
    {
        (int samples, int count) = (logWeights.Shape[0], logWeights.Shape[1]);
        int each = samples / Groups;
        if (each < 2)
        {
            throw new NotSupportedException(
                "The importance-weighted bound of discrete latents needs at least two draws (objective.samples) in " +
                "each group, because each draw is compared with the others; with one draw the bound is the ELBO.");
        }

        Tensor grouped = logWeights.Reshape([Groups, each, count]);
        // [m, k, j]: the weight of draw j in the baseline of draw k. For j = k it is the geometric mean of the other
        // weights.
        Tensor others = (grouped.Sum(1, keepAxis: true) - grouped) / (each - 1);
        Tensor own = Tensor.Eye(each, logWeights.DType).Reshape([1, each, each, 1]);
        Shape pairs = [Groups, each, each, count];
        Tensor seen = Tensor.Where(own.BroadcastTo(pairs), others.Reshape([Groups, each, 1, count]),
            grouped.Reshape([Groups, 1, each, count]));
        Tensor signal = Order == 1 ? (grouped - others) / each
            : OfGroup(grouped, 1).Reshape([Groups, 1, count]) - OfGroup(seen, 2);
        signal = ElboShare > 0 ? (signal * (1 - ElboShare) + (grouped - others) * (ElboShare / each)) / Groups
            : signal / Groups;
        return signal.Reshape(logWeights.Shape);
    }
}
