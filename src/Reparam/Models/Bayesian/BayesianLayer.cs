using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Bayesian;

/// <summary>
/// A layer whose weights have a posterior q(w) = N(loc, diag scale^2) and a prior N(0, priorScale^2): full variational
/// Bayes (Kingma and Welling 2013, appendix F). Training maximises E_q[log p(data|w)] - KL(q || prior). With
/// minibatches from N data points, it maximises the mean log-likelihood of a data point minus <see cref="KL()"/> / N.
/// </summary>
public abstract class BayesianLayer : Module
{
    /// <summary>The softplus of this is 0.01, the initial scale of all weights.</summary>
    private static readonly double InitialRawScale = PortableMath.Log(PortableMath.ExpM1(0.01));

    private readonly Parameter _weightLoc, _weightRawScale, _biasLoc, _biasRawScale;

    /// <summary>A layer with the given initial means of the weights and of the biases, one bias for each output.
    /// Parameters <c>weight_loc</c>, <c>weight_raw_scale</c>, <c>bias_loc</c>, <c>bias_raw_scale</c>. A scale is the
    /// softplus of its raw scale.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The prior's scale is not positive and finite.</exception>
    protected BayesianLayer(Tensor weight, Tensor bias, double priorScale, WeightNoise noise)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(bias);
        if (!(priorScale > 0) || !double.IsFinite(priorScale))
        {
            throw new ArgumentOutOfRangeException(
                nameof(priorScale), priorScale, "The standard deviation of the prior must be positive and finite.");
        }

        (PriorScale, Noise) = (priorScale, noise);
        _weightLoc = Own("weight_loc", weight);
        _weightRawScale = Own("weight_raw_scale", Tensor.Full(weight.Shape, InitialRawScale, weight.DType));
        _biasLoc = Own("bias_loc", bias);
        _biasRawScale = Own("bias_raw_scale", Tensor.Full(bias.Shape, InitialRawScale, bias.DType));
    }

    /// <summary>The standard deviation of the prior of each weight.</summary>
    public double PriorScale { get; }

    /// <summary>How outputs are drawn.</summary>
    public WeightNoise Noise { get; }

    /// <summary>The means of the biases.</summary>
    internal Parameter BiasLoc => _biasLoc;

    /// <summary>q of the weights: a batch of independent normals of the weights' shape.</summary>
    public Normal Weight => new(_weightLoc.Value, _weightRawScale.Value.SoftPlus());

    /// <summary>q of the biases: a batch of independent normals of the biases' shape.</summary>
    public Normal Bias => new(_biasLoc.Value, _biasRawScale.Value.SoftPlus());

    /// <summary>KL(q || prior) of all weights and biases of this layer, a scalar in nats. It counts once for all
    /// data.</summary>
    public Tensor KL() => Against(Weight) + Against(Bias);

    /// <summary>The sum of <see cref="KL()"/> over all Bayesian layers of a module; 0 if there is none.</summary>
    public static Tensor KL(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Tensor? total = null;
        foreach (BayesianLayer layer in module.Tree.OfType<BayesianLayer>())
            total = total is null ? layer.KL() : total + layer.KL();
        return total ?? Tensor.Scalar(0);
    }

    /// <summary>The outputs under a draw of the weights, with pathwise gradients to the parameters of q. If
    /// <paramref name="rng"/> is null, the outputs use the means of the weights, without noise.</summary>
    /// <param name="x">Data. The batch is the first axis for a convolution, and the axis before the last for a linear
    /// layer.</param>
    /// <param name="rng">Source of the noise.</param>
    public Tensor Forward(Tensor x, Rng? rng)
    {
        ArgumentNullException.ThrowIfNull(x);
        using LayerName name = LayerName.Enter(Path);
        if (rng is null) return Map(x, _weightLoc.Value, _biasLoc.Value);
        switch (Noise)
        {
            case WeightNoise.Sampling:
                return Map(x, Weight.RSample(rng), Bias.RSample(rng));
            case WeightNoise.LocalReparameterization:
            {
                Tensor mean = Map(x, _weightLoc.Value, _biasLoc.Value),
                    variance = Map(x.Square(), Weight.Variance, Bias.Variance);
                return mean + variance.Sqrt() * rng.Normal(mean.Shape, mean.DType, DatumAxis(mean));
            }

            default:
            {
                // The deviations of one draw from the means. For each datum, independent random signs multiply the
                // inputs and the outputs; the biases, which no input multiplies, get the sign of the output.
                Tensor mean = Map(x, _weightLoc.Value, _biasLoc.Value);
                Tensor weight = Weight.RSample(rng) - _weightLoc.Value, bias = Bias.RSample(rng) - _biasLoc.Value;
                Tensor input = Signs(rng, InputSigns(x), DatumAxis(x)),
                    output = Signs(rng, OutputSigns(mean), DatumAxis(mean));
                return mean + Map(x * input, weight, bias) * output;
            }
        }

        Tensor Signs(Rng rng, Shape shape, int datumAxis) =>
            Tensor.Less(rng.Uniform(shape, x.DType, datumAxis), 0.5) * 2 - 1;
    }

    /// <summary>The layer's linear map.</summary>
    protected abstract Tensor Map(Tensor x, Tensor weight, Tensor bias);

    /// <summary>The shape of the signs: one sign for each datum and input.</summary>
    protected abstract Shape InputSigns(Tensor x);

    /// <summary>The shape of the signs: one sign for each datum and output.</summary>
    protected abstract Shape OutputSigns(Tensor y);

    /// <summary>The axis of inputs or outputs that counts the data. The noise of a datum is a function of its index
    /// along this axis.</summary>
    protected abstract int DatumAxis(Tensor x);

    private Tensor Against(Normal q)
    {
        var prior = new Normal(Tensor.Zeros(q.BatchShape, q.DType), Tensor.Full(q.BatchShape, PriorScale, q.DType));
        return Distributions.Divergences.KLDivergence.ClosedForm(q, prior)!.Sum();
    }
}
