using Reparam.Distributions.Bijectors;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>A scale and an offset for each element. The first training batch sets them.</summary>
internal sealed class ActNormFlow : Flow
{
    // Added to a variance, so that a constant element has a finite scale.
    private const double Epsilon = 1e-6;

    private readonly Parameter _logScale, _offset, _started;

    public ActNormFlow(int size, DType dtype)
        : base(size, 0)
    {
        _logScale = Own("log_scale", Tensor.Zeros([size], dtype));
        _offset = Own("offset", Tensor.Zeros([size], dtype));
        _started = OwnBuffer("started", Tensor.Scalar(0, dtype));
    }

    /// <summary>The first batch sets the parameters.</summary>
    public override bool NeedsWholeBatches => true;

    private bool IsStarted => _started.Value.Item() != 0;

    public override Bijector Map(Tensor? context = null)
    {
        Checked(context);
        if (!IsStarted && Mode is null)
        {
            throw new InvalidOperationException($"The activation normalisation '{Path}' takes its scales from the " +
                "first training batch. Call SetMode of the model first, with Training or with Evaluation.");
        }

        return new ActNormMap(this);
    }

    /// <summary>Sets the scales and offsets from vectors [..., D] at the first call in training; later calls do
    /// nothing.</summary>
    private void StartFrom(Tensor x)
    {
        if (IsStarted || Mode != ModuleMode.Training) return;
        using var scope = new TensorScope();
        Tensor rows = x.Detach().Reshape([x.Size / Size, Size]);
        Tensor mean = rows.Mean(0), logScale = ((rows - mean).Square().Mean(0) + Epsilon).Log() * -0.5;
        _logScale.Assign(logScale);
        _offset.Assign(-mean * logScale.Exp());
        _started.Assign(Tensor.Scalar(1, _started.Value.DType));
    }

    private sealed class ActNormMap(ActNormFlow flow) : Bijector(1)
    {
        public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
        {
            flow.StartFrom(x);
            return (x * flow._logScale.Value.Exp() + flow._offset, LogDet(x, 1));
        }

        public override (Tensor X, Tensor LogDet) Inverse(Tensor y) =>
            ((y - flow._offset.Value) * (-flow._logScale.Value).Exp(), LogDet(y, -1));

        private Tensor LogDet(Tensor x, double sign) =>
            flow._logScale.Value.Sum() * sign + Tensor.Zeros(x.Shape[..^1], x.DType);
    }
}
