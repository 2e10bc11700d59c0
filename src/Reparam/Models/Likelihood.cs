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

    /// <summary>Names and initial values of the parameters that training learns with one number for each element of a
    /// datum, the same for all data; none by default.</summary>
    public virtual IReadOnlyList<(string Name, double Initial)> LearnedElements => [];

    /// <summary>Names and initial values of the scalars that the likelihood itself updates in training. No optimiser
    /// changes them. None by default.</summary>
    public virtual IReadOnlyList<(string Name, double Initial)> TrackedScalars => [];

    /// <summary>Whether training learns the scale of the data around the mean, as one number or as an output of the
    /// network.</summary>
    public virtual bool LearnsScale => false;

    /// <summary>Whether training should start at the means and scales of the data. By default it should if it learns a
    /// scale.</summary>
    public virtual bool StartsAtData => LearnsScale;

    /// <summary>Whether elements are whole numbers from 0, such as counts or numbers of categories. Such data are not
    /// standardised.</summary>
    public virtual bool ScoresCounts => false;

    /// <summary>Whether elements are positive numbers on a scale of their own. Such data are not
    /// standardised.</summary>
    public virtual bool IsPositive => false;

    /// <summary>The number of inputs of the encoder for each element of a datum.</summary>
    public virtual int InputsPerElement => 1;

    /// <summary>The inputs of the encoder for elements x, [..., n]: x itself, or a form that suits a network better,
    /// such as log(1 + x) for counts. The result has shape [..., InputsPerElement * n].</summary>
    protected internal virtual Tensor Inputs(Tensor x) => x;

    /// <summary>The number of raw outputs of the decoder for one datum.</summary>
    /// <exception cref="TensorSizeException">The number exceeds the limit of a tensor.</exception>
    public virtual int Outputs(Shape eventShape) => Shape.SizeOf(OutputsPerElement, eventShape.Size);

    /// <summary>The raw output that gives an element the mean <paramref name="mean"/>.</summary>
    protected internal virtual double RawMean(double mean) => mean;

    /// <summary>
    /// The raw output, or the learned number, that gives an element the standard deviation
    /// <paramref name="deviation"/>. The result is clamped to stay well above the lower bound of the scale.
    /// </summary>
    protected internal virtual double RawScale(double deviation) =>
        throw new NotSupportedException(LearnsScale
            ? $"The likelihood '{Name}' says LearnsScale, so it must override RawScale."
            : $"The likelihood '{Name}' has no learned scale. Override LearnsScale and RawScale to give it one.");

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

    /// <summary>p(x|z) from raw outputs of shape [..., OutputsPerElement * size of a datum]: by default the product of
    /// <see cref="Elements"/>.</summary>
    /// <param name="raw">The decoder network's output.</param>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="scalars">The parameters of <see cref="LearnedScalars"/>, then of <see cref="LearnedElements"/>,
    /// then of <see cref="TrackedScalars"/>, in order.</param>
    /// <param name="training">Whether the tracked scalars are updated with the scored data.</param>
    public virtual Distribution Given(
        Tensor raw, Shape eventShape, IReadOnlyList<Parameter> scalars, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(scalars);
        return new Independent(Elements(raw, eventShape, [.. scalars.Select(s => s.Value)]), eventShape.Rank);
    }

    /// <summary>p(x_i|z) of each element: a distribution of batch shape [...] + event, without event axes.</summary>
    /// <param name="raw">The decoder network's output, [..., OutputsPerElement * size of a datum].</param>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="learned">The values of <see cref="LearnedScalars"/>, of shape [], then of
    /// <see cref="LearnedElements"/>, of the shape of a datum.</param>
    protected internal abstract Distribution Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned);

    /// <summary>
    /// Sets the initial output to the means and scales of the data: the biases of the decoder's last layer and the
    /// learned scale.
    /// </summary>
    /// <param name="mean">The mean of each element of a datum.</param>
    /// <param name="deviation">The standard deviation of each element.</param>
    /// <param name="bias">The biases to write: one for each element of a datum (or each channel of an image) and each
    /// parameter of the likelihood.</param>
    /// <param name="scalars">The parameters of <see cref="Given"/>.</param>
    protected internal virtual void Start(IReadOnlyList<double> mean, IReadOnlyList<double> deviation,
        Span<double> bias, IReadOnlyList<Parameter> scalars)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        ArgumentNullException.ThrowIfNull(scalars);
        int groups = bias.Length / OutputsPerElement, each = mean.Count / groups;
        if (mean.Count != deviation.Count || each * groups != mean.Count)
        {
            throw new ArgumentException($"Got {mean.Count} means and {deviation.Count} standard deviations for a " +
                $"decoder of {groups} outputs. Give one mean and one standard deviation for each element of a " +
                $"datum.", nameof(mean));
        }

        if (OutputsPerElement == 1 && LearnedElements.Count == 0)
        {
            // With one shared scale all elements start at one common mean, and the scale starts at the deviation of all
            // elements from it. If each element started at its own mean, the latents would have little left to explain,
            // and latent units would collapse.
            (double centre, double scale) = Pooled(mean, deviation, 0, mean.Count);
            bias.Fill(RawMean(centre));
            if (LearnsScale) scalars[0].Assign(Tensor.Scalar(RawScale(scale), scalars[0].Value.DType));
            return;
        }

        for (int g = 0; g < groups; g++)
        {
            (double centre, double scale) = Pooled(mean, deviation, g * each, (g + 1) * each);
            bias[g] = RawMean(centre);
            if (OutputsPerElement == 2 && LearnedElements.Count == 0) bias[groups + g] = RawScale(scale);
        }

        if (!LearnsScale || LearnedElements.Count == 0) return;
        Parameter scales = scalars[LearnedScalars.Count];
        scales.Assign(Tensor.From([.. deviation.Select(RawScale)], scales.Shape).To(scales.Value.DType));
    }

    /// <summary>The mean and the standard deviation of a range of elements pooled. The pooled variance is the mean of
    /// the elements' variances plus the variance of their means.</summary>
    private static (double Mean, double Deviation) Pooled(
        IReadOnlyList<double> mean, IReadOnlyList<double> deviation, int from, int to)
    {
        double centre = 0, square = 0;
        for (int j = from; j < to; j++) centre += mean[j] / (to - from);
        for (int j = from; j < to; j++)
            square += (deviation[j] * deviation[j] + (mean[j] - centre) * (mean[j] - centre)) / (to - from);
        return (centre, Math.Sqrt(square));
    }

    /// <summary>Reshapes raw output [..., size of a datum] to [...] + event.</summary>
    protected static Tensor Shaped(Tensor raw, Shape eventShape) => raw.Reshape(raw.Shape[..^1] + eventShape);

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

    /// <summary>Gaussian elements, each with a learned standard deviation of its own that is the same for all data. Set
    /// the initial values from the data with <see cref="LatentVariableModel.StartAt"/>.</summary>
    public static Likelihood GaussianColumns { get; } = new GaussianLikelihood(
        GaussianScale.PerColumn, 1, sigmoidMean: false);

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
    [
        Bernoulli, Gaussian(1), GaussianLearned, GaussianColumns, GaussianOptimal, GaussianSigmoid, DiscretizedLogistic,
    ];
}
