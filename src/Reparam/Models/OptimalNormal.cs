using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent normals with one shared variance. In training the variance is the mean squared residual of the scored
/// values, and it carries a gradient. So the density of a datum in training depends on its batch. In evaluation the
/// variance is the running mean of the variances in training.
/// </summary>
internal sealed class OptimalNormal : Distribution
{
    // The smallest weight of a batch in the running mean. At first the mean is over all batches, later over about the
    // last twenty, because the variances of early batches are much too large.
    private const double LeastShare = 0.05;

    private readonly Tensor _mean;
    private readonly int _eventAxes;
    private readonly Parameter _variance, _batches;
    private readonly bool _training;

    public OptimalNormal(Tensor mean, int eventAxes, Parameter variance, Parameter batches, bool training)
        : base(mean.Shape[..^eventAxes], mean.Shape[^eventAxes..], mean.DType) =>
            (_mean, _eventAxes, _variance, _batches, _training) = (mean, eventAxes, variance, batches, training);

    public override Support Support => Support.Real(DType);

    public override Tensor Mean => _mean;

    public override Tensor Variance => Tensor.Full(_mean.Shape, Tracked, DType);

    public override Tensor Mode => _mean;

    // Before the first batch the variance is 1.
    private double Tracked => _variance.Value.Item() is var v and > 0 ? v : 1;

    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        With(Tensor.Scalar(PortableMath.Log(Tracked), DType)).Sample(rng, sampleShape);

    protected override Tensor LogProbCore(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!_training) return With(Tensor.Scalar(PortableMath.Log(Tracked), DType)).LogProb(value);
        Tensor optimal = (value - _mean).Square().Mean() + PortableMath.Exp(GaussianLikelihood.MinimumLogVariance);
        using (new TensorScope())
        {
            double before = _variance.Value.Item(), batches = Math.Min(_batches.Value.Item() + 1, 1 / LeastShare);
            _variance.Assign(Tensor.Scalar(before + (optimal.Item() - before) / batches, DType));
            _batches.Assign(Tensor.Scalar(batches, DType));
        }

        return With(optimal.Log()).LogProb(value);
    }

    protected override Tensor EntropyCore() => With(Tensor.Scalar(PortableMath.Log(Tracked), DType)).Entropy();

    private Independent With(Tensor logVariance) =>
        new(Normal.FromLogVariance(_mean, logVariance.BroadcastTo(_mean.Shape)), _eventAxes);
}
