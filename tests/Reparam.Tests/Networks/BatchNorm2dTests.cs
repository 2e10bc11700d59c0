using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;
using Reparam.Tests.Training;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Networks;

public sealed class BatchNorm2dTests
{
    [Fact]
    public void Training_follows_the_batches_and_evaluation_uses_what_they_left()
    {
        var layer = new BatchNorm2d(2, momentum: 0.25, dtype: DType.Float64);
        layer.SetMode(ModuleMode.Training);
        Tensor x = Tensor.From([1.0, 3, 10, 10, 5, 7, 40, 20], [2, 2, 1, 2]);
        layer.Forward(x);
        // Channel 0: 1, 3, 5, 7, mean 4, unbiased variance 20/3. Channel 1: 10, 10, 40, 20, mean 20, unbiased variance
        // 600/3.
        Close.Require([1, 5], layer.Buffers[0].Value.Doubles(), 1e-14);
        Close.Require([0.75 + 0.25 * 20 / 3, 0.75 + 0.25 * 200], layer.Buffers[1].Value.Doubles(), 1e-14);

        layer.SetMode(ModuleMode.Evaluation);
        double[] before = layer.Buffers[0].Value.Doubles();
        Tensor y = layer.Forward(x);
        Assert.Equal(before, layer.Buffers[0].Value.Doubles());
        Close.Require((1 - 1) / Math.Sqrt(0.75 + 5 / 3.0 + 1e-5), y.At(0), 1e-14);
        Close.Require((40 - 5) / Math.Sqrt(50.75 + 1e-5), y.At(6), 1e-14);
        // A datum's result no longer depends on the data beside it.
        Close.Require(y.Slice(0, 1, 1).Doubles(), layer.Forward(x.Slice(0, 1, 1)).Doubles(), 1e-15);
    }

    [Fact]
    public void Layer_that_was_not_told_its_mode_refuses_to_guess() =>
        Assert.Contains("SetMode", Assert.Throws<InvalidOperationException>(
            () => new BatchNorm2d(2).Forward(Tensor.Zeros([2, 2, 3, 3]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Buffers_are_no_parameters_but_part_of_the_state()
    {
        Vae vae = Make(1);
        Assert.DoesNotContain(vae.Parameters, p => p.Name.Contains("running", StringComparison.Ordinal));
        Assert.Equal(["encoder.norm.running_mean", "encoder.norm.running_var"], vae.Buffers.Select(b => b.Name));
        Assert.Equal([.. vae.Parameters, .. vae.Buffers], vae.State);
    }

    [Fact]
    public void Run_that_is_stopped_and_resumed_ends_in_the_same_bits_running_averages_too()
    {
        using var folder = new TemporaryFolder();
        Dataset data = SmallModel.Ramps(40), validation = SmallModel.Ramps(20, seed: 6);
        var options = new TrainerOptions { Epochs = 4, BatchSize = 16, Patience = 4 };
        var checkpoints = new CheckpointFolder(folder.Path);
        Vae whole = Make(1), half = Make(1), resumed = Make(9);
        new Trainer(new Adam(1e-2), options).Fit(whole, new Elbo(), data, new Rng(7), validation);
        var spy = new Spy(onEpoch: (s, e) => TrainingCheckpoint.Save(checkpoints, s, e.IsBest, keep: 0));
        new Trainer(new Adam(1e-2), options with { Epochs = 2 }, spy).Fit(
            half, new Elbo(), data, new Rng(7), validation);
        var state = new TrainingState(resumed, new Adam(1e-2));
        TrainingCheckpoint.Restore(checkpoints.OpenLatest()!, state, checkpoints.OpenBest());
        new Trainer(new Adam(1e-2), options).Fit(resumed, new Elbo(), data, new Rng(7), validation, state);
        Assert.Equal(WeightsFile.Sha256(whole.State), WeightsFile.Sha256(resumed.State));
        Assert.NotEqual(0, whole.Buffers[0].Value.At(0));
        Assert.Equal(ModuleMode.Evaluation, whole.Mode);
    }

    private static Vae Make(ulong seed) => new(
        new NormalizedEncoder(new Rng(seed)),
        new MlpDecoder(SmallModel.Event, 3, [8], Activation.Tanh, Likelihood.Bernoulli, Initializer.PyTorch,
            new Rng(seed).Split("decoder")),
        new StandardNormalPrior(3));

    /// <summary>The smallest encoder with batch normalisation.</summary>
    private sealed class NormalizedEncoder : Encoder
    {
        private readonly Conv2d _conv;
        private readonly BatchNorm2d _norm;
        private readonly Linear _head;

        public NormalizedEncoder(Rng rng)
        {
            _conv = Child("conv",
                new Conv2d(1, 4, 4, Initializer.PyTorch, rng.Split("conv"), stride: 2, padding: 1, bias: false));
            _norm = Child("norm", new BatchNorm2d(4));
            _head = Child("head", new Linear(16, 6, Initializer.PyTorch, rng.Split("head")));
        }

        public override DiagonalNormal Given(Tensor x)
        {
            Tensor h = _norm.Forward(_conv.Forward(x.Reshape([x.Shape[0], 1, 4, 4]))).Relu().Flatten(1);
            (Tensor loc, Tensor logVariance) = _head.Forward(h).Halves(^1);
            return DiagonalNormal.FromLogVariance(loc, logVariance);
        }
    }
}
