using System.Globalization;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// The importance-weighted bound E[log 1/K sum_k w_k], w = p(x, z)/q(z|x) (Burda, Grosse and Salakhutdinov 2016,
/// equation 8): a lower bound on log p(x) that tightens as K grows and is the ELBO at K = 1. The gradient weighs each
/// sample by its normalised weight. Latents without pathwise gradients get that of VIMCO (Mnih and Rezende 2016): the
/// signal of a draw is the bound less what it would have been had the draw's weight been the geometric mean of the
/// others'.
/// </summary>
/// <remarks>
/// Its relatives are this bound with a setting: <see cref="Groups"/> (MIWAE), <see cref="Partial"/> (PIWAE) and
/// <see cref="ElboShare"/> (CIWAE) of Rainforth et al. (2018), and <see cref="Order"/>, the Renyi bound of Li and
/// Turner (2016).
/// </remarks>
public sealed class ImportanceWeightedElbo : Objective
{
    /// <summary>The bound with <paramref name="samples"/> draws for each datum.</summary>
    public ImportanceWeightedElbo(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        Samples = samples;
    }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <summary>How the gradient reaches the encoder; all of it by default.</summary>
    public PathGradient Gradient { get; init; } = PathGradient.Total;

    /// <summary>M: the mean of M bounds of K/M draws each (MIWAE). Looser, with an encoder's gradient of less noise. 1
    /// by default.</summary>
    /// <exception cref="ArgumentException">The draws cannot be divided into so many groups.</exception>
    public int Groups
    {
        get;
        init => field = value >= 1 && Samples % value == 0 ? value : throw new ArgumentException(
            $"{Samples} draws cannot be divided into {value} groups of one size.", nameof(value));
    } = 1;

    /// <summary>Whether <see cref="Groups"/> are the encoder's alone, and the generative model maximises the bound of
    /// all draws (PIWAE).</summary>
    public bool Partial { get; init; }

    /// <summary>beta of beta ELBO + (1 - beta) IWAE (CIWAE), in [0, 1]; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies elsewhere.</exception>
    public double ElboShare
    {
        get;
        init => field = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The share of the ELBO lies in [0, 1].");
    }

    /// <summary>
    /// alpha of the Renyi bound 1/(1 - alpha) log 1/K sum_k w_k^(1 - alpha): 0, the default, is the importance-weighted
    /// bound, 1 the ELBO; below 0 it is no lower bound and mass-covering.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double Order
    {
        get;
        init => field = double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The order of a Renyi bound is finite.");
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

    /// <summary>Whether alpha is not below 0: of positive orders the estimate lies below log p(x) in expectation, of
    /// negative ones it need not.</summary>
    public override bool IsLowerBound(long step) => Order >= 0;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model's weights are uncertain, or it has a term of its
    /// own.</exception>
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

    /// <summary>The bound of each datum, [B], from log weights [K, B].</summary>
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

    /// <summary>-bound by value; what its gradient is, <see cref="Gradient"/> says.</summary>
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
    /// What the gradient through each draw is multiplied by, [K, B]. With w~ a draw's share of its group's sum of w^(1
    /// - alpha), the bound's own derivative gives its log w the factor w~; reparameterizing the score once more makes
    /// that w~ (alpha + (1 - alpha) w~) along the path, which at alpha = 0 is w~^2 (Tucker et al. 2019). The ELBO's
    /// share passes as it is.
    /// </summary>
    private Tensor PathWeights(Tensor logWeights)
    {
        (int samples, int count) = (logWeights.Shape[0], logWeights.Shape[1]);
        int each = samples / Groups;
        Tensor share = (logWeights * (1 - Order)).Reshape([Groups, each, count]).SoftMax(1).Reshape(logWeights.Shape);
        Tensor path = share * (1 - Order) + Order;
        if (ElboShare == 0) return path;
        Tensor bound = share * ((1 - ElboShare) / Groups);
        double even = ElboShare / samples;
        return (bound * path + even) / (bound + even);
    }

    /// <summary>VIMCO's signal of each draw, [K, B]: the bound less what the other draws of its group alone predict of
    /// it.</summary>
    private Tensor WithoutEach(Tensor logWeights)
    {
        (int samples, int count) = (logWeights.Shape[0], logWeights.Shape[1]);
        int each = samples / Groups;
        if (each < 2)
        {
            throw new NotSupportedException(
                "The importance-weighted bound of discrete latents needs two draws at least (objective.samples) in " +
                "each group, for each to be measured by the others; with one it is the ELBO.");
        }

        Tensor grouped = logWeights.Reshape([Groups, each, count]);
        // [m, k, j]: the weight of draw j as draw k's baseline sees it, the geometric mean of the others in place of
        // its own.
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
