using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// The importance-weighted bound E[log 1/K sum_k w_k], w = p(x, z)/q(z|x) (Burda, Grosse and Salakhutdinov 2016, equation 8): a lower bound
/// on log p(x) that tightens as K grows and is the ELBO at K = 1. The gradient weighs each sample by its normalised weight. Latents without pathwise gradients get that of VIMCO (Mnih and Rezende
/// 2016): the signal of a draw is the bound less what it would have been had the draw's weight been the geometric mean of the others'.
/// </summary>
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

    /// <inheritdoc/>
    public override string Name => Gradient switch
    {
        PathGradient.StickingTheLanding => $"iwae (samples {Samples}, sticking the landing)",
        PathGradient.DoublyReparameterized => $"iwae (samples {Samples}, doubly reparameterized)",
        _ => $"iwae (samples {Samples})",
    };

    /// <inheritdoc/>
    public override bool IsLowerBound(long step) => true;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model's weights are uncertain.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (pass.WeightsKL is not null)
            throw new NotSupportedException("The logarithm of a mean over draws of the weights is no bound once their KL is subtracted: train a model with uncertain weights with the Elbo.");
        Tensor logWeights = pass.LogWeights;
        Tensor bound = (logWeights.LogSumExp(0) - PortableMath.Log(pass.Samples)).Mean();
        Tensor reconstruction = pass.LogLikelihood.Mean();
        return new ObjectiveValue(Loss(pass, bound), bound, reconstruction, reconstruction - logWeights.Mean());
    }

    /// <summary>-bound by value; what its gradient is, <see cref="Gradient"/> says.</summary>
    private Tensor Loss(InferencePass pass, Tensor bound)
    {
        if (Gradient == PathGradient.Total)
        {
            return DiscreteGradient.LogDrawn(pass) is { } log ? -bound - (WithoutEach(pass.LogWeights.Detach()) * log).Sum(0).Mean().GradientOnly() : -bound;
        }

        Tensor logWeights = pass.PathLogWeights;
        Tensor surrogate = (logWeights.LogSumExp(0) - PortableMath.Log(pass.Samples)).Mean();
        if (Gradient == PathGradient.DoublyReparameterized)
        {
            // The bound's own derivative gives each draw its normalised weight once, the path the second time.
            Tensor normalized = logWeights.Detach().SoftMax(0);
            foreach (LatentTerm latent in pass.Latents) latent.WeighPath(normalized);
        }

        return -surrogate;
    }

    /// <summary>VIMCO's signal of each draw, [K, B]: the bound less what the other draws alone predict of it.</summary>
    private static Tensor WithoutEach(Tensor logWeights)
    {
        (int samples, int count) = (logWeights.Shape[0], logWeights.Shape[1]);
        if (samples < 2) throw new NotSupportedException("The importance-weighted bound of discrete latents needs two draws at least (objective.samples), for each to be measured by the others; with one it is the ELBO.");
        // [k, j]: the weight of draw j as draw k's baseline sees it, the geometric mean of the others in place of its own.
        Tensor others = (logWeights.Sum(0) - logWeights) / (samples - 1);
        Tensor own = Tensor.Eye(samples, logWeights.DType).Reshape([samples, samples, 1]);
        Tensor seen = Tensor.Where(own.BroadcastTo([samples, samples, count]), others.Reshape([samples, 1, count]), logWeights.Reshape([1, samples, count]));
        return logWeights.LogSumExp(0) - seen.LogSumExp(1);
    }
}
