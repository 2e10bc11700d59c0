using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015; see <see cref="Tensor.BatchNorm(Tensor, Tensor?, Tensor?, double)"/>).
/// Parameters <c>weight</c> [C] of ones and <c>bias</c> [C] of zeros; buffers <c>running_mean</c> and
/// <c>running_var</c> [C]. Each training batch updates a buffer as running + momentum (batch - running); the batch
/// variance has Bessel's correction, as in PyTorch. Evaluation uses the buffers.
/// </summary>
/// <remarks>This is the only layer whose result for a data point depends on the other data points of the batch in
/// training. Call <see cref="Module.SetMode"/> of the model before the layer is used; without a mode the layer throws.
/// A trainer sets the mode, and opening a run sets it too.</remarks>
public abstract class BatchNorm : Layer
{
    private readonly Parameter _weight, _bias, _runningMean, _runningVariance;
    private readonly double _momentum, _epsilon;

    private protected BatchNorm(int channels, double momentum, double epsilon, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (!(momentum > 0 && momentum <= 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "The momentum lies in (0, 1].");
        _momentum = momentum;
        _epsilon = epsilon;
        _weight = Own("weight", Tensor.Ones([channels], dtype));
        _bias = Own("bias", Tensor.Zeros([channels], dtype));
        _runningMean = OwnBuffer("running_mean", Tensor.Zeros([channels], dtype));
        _runningVariance = OwnBuffer("running_var", Tensor.Ones([channels], dtype));
    }

    /// <inheritdoc/>
    public sealed override bool ComparesData => true;

    /// <summary>Normalises x [B, C, ...]: by the statistics of the batch in training, by the running averages in
    /// evaluation.</summary>
    /// <exception cref="InvalidOperationException">The mode is not set.</exception>
    private protected Tensor Normalize(Tensor x)
    {
        switch (Mode)
        {
            case ModuleMode.Evaluation:
                return Tensor.BatchNorm(x, _runningMean, _runningVariance, _weight, _bias, _epsilon);
            case ModuleMode.Training:
                (Tensor y, Tensor mean, Tensor variance) = Tensor.BatchNorm(x, _weight, _bias, _epsilon);
                double count = (double)x.Size / x.Shape[1];
                using (new TensorScope())
                {
                    Follow(_runningMean, mean);
                    Follow(_runningVariance, variance * (count / (count - 1)));
                }

                return y;
            default:
                throw new InvalidOperationException($"Batch normalisation '{Path}' gives different results in " +
                    "training and in evaluation. Call SetMode of the model before you use it.");
        }
    }

    private void Follow(Parameter running, Tensor batch) =>
        running.Assign(running.Value + (batch - running.Value) * _momentum);
}
