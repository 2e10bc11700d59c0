using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// The distribution that a decoder's output parameterises. It makes p(x|z) of one datum from the raw output of the
/// network; log p(x|z) is in nats per datum.
/// </summary>
public abstract class Likelihood
{
    /// <summary>The name of the likelihood in configurations.</summary>
    public abstract string Name { get; }

    /// <summary>The number of raw network outputs for each element of a datum: 1, or 2 where the network also predicts
    /// a scale.</summary>
    public abstract int OutputsPerElement { get; }

    /// <summary>Whether p(x|z) is a probability of discrete levels, so that bits per dimension have a
    /// meaning.</summary>
    public abstract bool IsDiscrete { get; }

    /// <summary>Whether data lie in [0, 1].</summary>
    public abstract bool IsBounded { get; }

    /// <summary>Names and initial values of the scalars that training learns in addition to the networks; none by
    /// default.</summary>
    public virtual IReadOnlyList<(string Name, double Initial)> LearnedScalars => [];

    /// <summary>Names and initial values of the scalars that the likelihood itself updates in training. No optimiser
    /// changes them. None by default.</summary>
    public virtual IReadOnlyList<(string Name, double Initial)> TrackedScalars => [];

    /// <summary>Whether training learns the scale of the data around the mean, as one number or as an output of the
    /// network.</summary>
    public virtual bool LearnsScale => false;

    /// <summary>The raw output that gives an element the mean <paramref name="mean"/>.</summary>
    protected internal virtual double RawMean(double mean) => mean;

    /// <summary>
    /// The raw output, or the learned number, that gives an element the standard deviation
    /// <paramref name="deviation"/>. The result is clamped to stay well above the lower bound of the scale.
    /// </summary>
    protected internal virtual double RawScale(double deviation) =>
        throw new NotSupportedException($"A {Name} likelihood has no learned scale.");

    /// <summary>The log odds of a mean, after a clamp to [0.001, 0.999].</summary>
    protected static double LogOdds(double mean)
    {
        double held = Math.Clamp(mean, 0.001, 0.999);
        return PortableMath.Log(held / (1 - held));
    }

    /// <summary>The solution x of softplus(x - floor) + floor = value. A value of less than floor + 1 is replaced by
    /// floor + 1.</summary>
    protected static double AboveFloor(double value, double floor) =>
        floor + PortableMath.Log(PortableMath.ExpM1(Math.Max(value - floor, 1)));

    /// <summary>p(x|z) from raw outputs of shape [..., OutputsPerElement * size of a datum].</summary>
    /// <param name="raw">The decoder network's output.</param>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="scalars">The values of <see cref="LearnedScalars"/>, then of <see cref="TrackedScalars"/>, in
    /// order.</param>
    /// <param name="training">Whether the tracked scalars are updated with the scored data.</param>
    public abstract Distribution Given(
        Tensor raw, Shape eventShape, IReadOnlyList<Parameter> scalars, bool training = false);

    /// <summary>Reshapes raw output [..., size of a datum] to [...] + event.</summary>
    protected static Tensor Shaped(Tensor raw, Shape eventShape) => raw.Reshape(raw.Shape[..^1] + eventShape);

    /// <summary>Makes the product of elementwise distributions over the event's axes.</summary>
    protected static Independent Joined(Distribution elements, Shape eventShape) => new(elements, eventShape.Rank);

    /// <summary>Independent Bernoulli elements, parameterised by logits.</summary>
    public static Likelihood Bernoulli { get; } = new BernoulliLikelihood();

    /// <summary>Gaussian elements with a fixed standard deviation.</summary>
    public static Likelihood Gaussian(double scale) =>
        new GaussianLikelihood(GaussianScale.Fixed, scale, sigmoidMean: false);

    /// <summary>
    /// Gaussian elements with one learned standard deviation for all elements. Set its initial value from the data with
    /// <see cref="LatentVariableModel.StartAt"/>, because training steps change it slowly.
    /// </summary>
    public static Likelihood GaussianLearned { get; } = new GaussianLikelihood(
        GaussianScale.Shared, 1, sigmoidMean: false);

    /// <summary>Gaussian elements with one standard deviation for all elements, the value of maximum likelihood of each
    /// batch (<see cref="GaussianScale.Optimal"/>).</summary>
    public static Likelihood GaussianOptimal { get; } = new GaussianLikelihood(
        GaussianScale.Optimal, 1, sigmoidMean: false);

    /// <summary>The decoder of Kingma and Welling (2013) for grey images (appendix C.2, with means in (0, 1) by a
    /// sigmoid): the network predicts the mean and the log-variance of each element.</summary>
    public static Likelihood GaussianSigmoid { get; } = new GaussianLikelihood(
        GaussianScale.PerElement, 1, sigmoidMean: true);

    /// <summary>
    /// A discretised logistic over 256 grey levels. Set its initial means and scales from the data with
    /// <see cref="LatentVariableModel.StartAt"/>; otherwise the means of constant elements may stay at 1/2.
    /// </summary>
    public static Likelihood DiscretizedLogistic { get; } = new DiscretizedLogisticLikelihood();

    /// <summary>The likelihoods without an argument, and the Gaussian with scale 1.</summary>
    public static IReadOnlyList<Likelihood> All { get; } =
        [Bernoulli, Gaussian(1), GaussianLearned, GaussianOptimal, GaussianSigmoid, DiscretizedLogistic];
}
