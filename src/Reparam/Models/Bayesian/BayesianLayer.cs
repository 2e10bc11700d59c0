using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Bayesian;

/// <summary>
/// A layer whose weights have a posterior of their own, q(w) = N(loc, diag scale^2), and a prior N(0, priorScale^2):
/// full variational Bayes (Kingma and Welling 2013, appendix F). Training maximises E_q[log p(data|w)] - KL(q ||
/// prior); over minibatches of N data the mean log-likelihood less <see cref="KL()"/> / N.
/// </summary>
public abstract class BayesianLayer : Module
{
    /// <summary>softplus of this is 0.01: the scale of all weights at the start.</summary>
    private static readonly double InitialRawScale = PortableMath.Log(PortableMath.ExpM1(0.01));

    private readonly Parameter _weightLoc, _weightRawScale, _biasLoc, _biasRawScale;

    /// <summary>A layer with weights of a shape and one bias for each output; both are uncertain. Parameters
    /// <c>weight_loc</c>, <c>weight_raw_scale</c>, <c>bias_loc</c>, <c>bias_raw_scale</c>; scales are softplus of the
    /// raw.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The prior's scale is not positive and finite.</exception>
    protected BayesianLayer(Tensor weight, Tensor bias, double priorScale, WeightNoise noise)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(bias);
        if (!(priorScale > 0) || !double.IsFinite(priorScale))
        {
            throw new ArgumentOutOfRangeException(
                nameof(priorScale), priorScale, "The standard deviation of the prior is positive and finite.");
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

    /// <summary>q over the weights, each a batch member.</summary>
    public Normal Weight => new(_weightLoc.Value, _weightRawScale.Value.SoftPlus());

    /// <summary>q over the biases, each a batch member.</summary>
    public Normal Bias => new(_biasLoc.Value, _biasRawScale.Value.SoftPlus());

    /// <summary>KL(q || prior) of all weights and biases of this layer, a scalar in nats: counted once for all
    /// data.</summary>
    public Tensor KL() => Against(Weight) + Against(Bias);

    /// <summary>The sum of <see cref="KL()"/> over all such layers of a module; 0 where there is none.</summary>
    public static Tensor KL(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Tensor? total = null;
        foreach (BayesianLayer layer in module.Tree.OfType<BayesianLayer>())
            total = total is null ? layer.KL() : total + layer.KL();
        return total ?? Tensor.Scalar(0);
    }

    /// <summary>The outputs under a draw of the weights, with pathwise gradients by their posterior's parameters;
    /// without noise where <paramref name="rng"/> is null, under their means.</summary>
    /// <param name="x">Data: the batch first for a convolution, last before the inputs for a linear layer.</param>
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
                // Deviations of one draw, turned by independent signs on both sides for each datum; the biases, which
                // no input multiplies, by the output's sign.
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

    /// <summary>One sign for each datum and input.</summary>
    protected abstract Shape InputSigns(Tensor x);

    /// <summary>One sign for each datum and output.</summary>
    protected abstract Shape OutputSigns(Tensor y);

    /// <summary>The axis of inputs or outputs that counts data: noise is a function of a datum's index along
    /// it.</summary>
    protected abstract int DatumAxis(Tensor x);

    private Tensor Against(Normal q)
    {
        var prior = new Normal(Tensor.Zeros(q.BatchShape, q.DType), Tensor.Full(q.BatchShape, PriorScale, q.DType));
        return Distributions.Divergences.KLDivergence.ClosedForm(q, prior)!.Sum();
    }
}
