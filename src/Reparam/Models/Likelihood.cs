using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// What a decoder's output means: turns the raw output of its network into p(x|z) over one datum, in nats per datum.
/// </summary>
public abstract class Likelihood
{
    /// <summary>The name under which configurations know it.</summary>
    public abstract string Name { get; }

    /// <summary>Raw network outputs for each element of a datum (2 where a scale is predicted too).</summary>
    public abstract int OutputsPerElement { get; }

    /// <summary>Whether p(x|z) is a probability of discrete levels, so that bits per dimension mean
    /// something.</summary>
    public abstract bool IsDiscrete { get; }

    /// <summary>Whether data lie in [0, 1].</summary>
    public abstract bool IsBounded { get; }

    /// <summary>Named scalars that training learns beside the networks, with their initial values; none by
    /// default.</summary>
    public virtual IReadOnlyList<(string Name, double Initial)> LearnedScalars => [];

    /// <summary>Named scalars that the likelihood itself follows while it trains, with their initial values, and that
    /// no optimiser touches; none by default.</summary>
    public virtual IReadOnlyList<(string Name, double Initial)> TrackedScalars => [];

    /// <summary>Whether training learns how far data lie from the mean, as one number or by the network.</summary>
    public virtual bool LearnsScale => false;

    /// <summary>The raw output that gives an element a mean.</summary>
    protected internal virtual double RawMean(double mean) => mean;

    /// <summary>
    /// The raw output, or the learned number, that gives an element a standard deviation, held to what is well above
    /// the floor of what is learned.
    /// </summary>
    protected internal virtual double RawScale(double deviation) =>
        throw new NotSupportedException($"A {Name} likelihood learns no scale.");

    /// <summary>The log odds of a mean in (0, 1), held to [0.001, 0.999].</summary>
    protected static double LogOdds(double mean)
    {
        double held = Math.Clamp(mean, 0.001, 0.999);
        return PortableMath.Log(held / (1 - held));
    }

    /// <summary>x of softplus(x - floor) + floor = value, for a value of a unit above the floor at least.</summary>
    protected static double AboveFloor(double value, double floor) =>
        floor + PortableMath.Log(PortableMath.ExpM1(Math.Max(value - floor, 1)));

    /// <summary>p(x|z) from raw outputs of shape [..., OutputsPerElement * size of a datum].</summary>
    /// <param name="raw">The decoder network's output.</param>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="scalars">The values of <see cref="LearnedScalars"/>, then of <see cref="TrackedScalars"/>, in
    /// order.</param>
    /// <param name="training">Whether what is tracked follows the data that are scored.</param>
    public abstract Distribution Given(
        Tensor raw, Shape eventShape, IReadOnlyList<Parameter> scalars, bool training = false);

    /// <summary>Raw output reshaped to [...] + event.</summary>
    protected static Tensor Shaped(Tensor raw, Shape eventShape) => raw.Reshape(raw.Shape[..^1] + eventShape);

    /// <summary>Joins elementwise members over the event's axes.</summary>
    protected static Independent Joined(Distribution elements, Shape eventShape) => new(elements, eventShape.Rank);

    /// <summary>Independent Bernoulli elements from logits.</summary>
    public static Likelihood Bernoulli { get; } = new BernoulliLikelihood();

    /// <summary>Gaussian elements with a fixed standard deviation.</summary>
    public static Likelihood Gaussian(double scale) =>
        new GaussianLikelihood(GaussianScale.Fixed, scale, sigmoidMean: false);

    /// <summary>
    /// Gaussian elements, one learned standard deviation shared by all; begin it at the data's with
    /// <see cref="LatentVariableModel.StartAt"/>, since steps move it slowly.
    /// </summary>
    public static Likelihood GaussianLearned { get; } = new GaussianLikelihood(
        GaussianScale.Shared, 1, sigmoidMean: false);

    /// <summary>Gaussian elements with one standard deviation shared by all, the best for the batch at hand
    /// (<see cref="GaussianScale.Optimal"/>).</summary>
    public static Likelihood GaussianOptimal { get; } = new GaussianLikelihood(
        GaussianScale.Optimal, 1, sigmoidMean: false);

    /// <summary>The paper's decoder for grey images (appendix C.2 with means in (0, 1) by a sigmoid): mean and
    /// log-variance of each element from the network.</summary>
    public static Likelihood GaussianSigmoid { get; } = new GaussianLikelihood(
        GaussianScale.PerElement, 1, sigmoidMean: true);

    /// <summary>
    /// A discretised logistic over 256 grey levels; begin it at the data's means and scales with
    /// <see cref="LatentVariableModel.StartAt"/>, or elements that never change may stick at 1/2.
    /// </summary>
    public static Likelihood DiscretizedLogistic { get; } = new DiscretizedLogisticLikelihood();

    /// <summary>The likelihoods that need no argument, and the Gaussian of unit scale.</summary>
    public static IReadOnlyList<Likelihood> All { get; } =
        [Bernoulli, Gaussian(1), GaussianLearned, GaussianOptimal, GaussianSigmoid, DiscretizedLogistic];
}
