using Reparam.Distributions.Bijectors;
using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models.Flows;

public sealed class ActNormTests
{
    private static readonly Tensor Data =
        (GradientCheck.Values([3, 5, 2], -2, 2) * Tensor.From([4.0, 0.1], [2]) + Tensor.From([-7.0, 2], [2])).Keep();

    [Fact]
    public void First_data_of_training_come_out_with_mean_0_and_variance_1()
    {
        Flow flow = Flow.ActNorm(2, DType.Float64);
        flow.SetMode(ModuleMode.Training);
        (Tensor y, Tensor logDet) = flow.Map().Forward(Data);
        Tensor rows = y.Reshape([15, 2]), mean = rows.Mean(0);
        Close.Require([0, 0], mean.Doubles(), 1e-12);
        // 1e-6 is added to variances, the smaller of which is about 0.01.
        Close.Require([1, 1], (rows - mean).Square().Mean(0).Doubles(), 1e-3);
        Assert.Equal<int>([3, 5], logDet.Shape);
        double[] logScale = flow.Parameters[0].Value.Doubles();
        Close.Require(logScale.Sum(), logDet.At(0), 1e-12);
        // What follows finds the scales set.
        double[] offset = flow.Parameters[1].Value.Doubles();
        flow.Map().Forward(Data * 3);
        Assert.Equal(logScale, flow.Parameters[0].Value.Doubles());
        Assert.Equal(offset, flow.Parameters[1].Value.Doubles());
        (Tensor x, Tensor back) = flow.Map().Inverse(y);
        Close.Require(Data.Doubles(), x.Doubles(), 1e-12);
        Close.Require(logDet.Doubles(), (-back).Doubles(), 1e-12);
    }

    [Fact]
    public void Nothing_starts_it_but_training()
    {
        Flow flow = Flow.ActNorm(2, DType.Float64);
        Assert.Contains(
            "SetMode", Assert.Throws<InvalidOperationException>(() => flow.Map()).Message, StringComparison.Ordinal);
        flow.SetMode(ModuleMode.Evaluation);
        Assert.Equal(Data.Doubles(), flow.Map().Forward(Data).Y.Doubles());
        Assert.Equal(0, flow.Buffers[0].Value.Item());
        flow.SetMode(ModuleMode.Training);
        flow.Map().Inverse(Data);
        Assert.Equal(0, flow.Buffers[0].Value.Item());
        flow.Map().Forward(Data);
        Assert.Equal(1, flow.Buffers[0].Value.Item());
    }

    [Fact]
    public void Sequence_of_flows_trains_as_a_posterior_and_copies_of_its_state_agree()
    {
        Vae Model(ulong seed) => Vae.Mlp(
            [6], 4, [9], Likelihood.Gaussian(0.5), new Rng(seed),
            options: new() { DType = DType.Float64, Flow = Flow.Sequence(Flow.ActNorm(4, DType.Float64),
                Flow.Coupling(4, 1, [8], new Rng(seed), 9, dtype: DType.Float64), Flow.ActNorm(4, DType.Float64)) });
        Vae vae = Model(1), copy = Model(2);
        Tensor x = GradientCheck.Values([20, 6], -1, 1);
        vae.SetMode(ModuleMode.Training);
        using (var tape = new GradientTape())
        {
            InferencePass pass = vae.Infer(x, new Rng(3));
            Gradients gradients = tape.Gradients(-pass.LogWeights.Mean(), vae.Parameters);
            for (int i = 0; i < gradients.Count; i++)
            {
                if (vae.Parameters[i].Name.StartsWith("encoder.flow.0", StringComparison.Ordinal))
                    Assert.True(gradients[i].Doubles().All(g => g != 0 && double.IsFinite(g)), vae.Parameters[i].Name);
            }
        }

        Assert.Equal(["encoder.flow.0.started", "encoder.flow.2.started"], vae.Buffers.Select(b => b.Name));
        for (int i = 0; i < vae.State.Count; i++) copy.State[i].Assign(vae.State[i].Value);
        // Both have started: the same in training, with other data.
        copy.SetMode(ModuleMode.Training);
        Assert.Equal(vae.Encode(x * 2).Doubles(), copy.Encode(x * 2).Doubles());
    }

    [Fact]
    public void Flows_in_sequence_are_maps_one_after_another()
    {
        Flow first = Flow.Planar(3, 2, new Rng(1), 2, DType.Float64),
            second = Flow.InverseAutoregressive(3, 1, [8], new Rng(2), dtype: DType.Float64);
        Flow both = Flow.Sequence(first, second);
        Assert.Equal((3, 2), (both.Size, both.Context));
        Tensor x = GradientCheck.Values([4, 3], -1, 1), context = GradientCheck.Values([4, 2], -1, 1, seed: 2);
        Bijector a = first.Map(context), b = second.Map();
        (Tensor between, Tensor logDet) = a.Forward(x);
        (Tensor y, Tensor rest) = b.Forward(between);
        (Tensor joint, Tensor total) = both.Map(context).Forward(x);
        Assert.Equal(y.Doubles(), joint.Doubles());
        Close.Require((logDet + rest).Doubles(), total.Doubles(), 1e-12);
        Assert.Throws<ArgumentException>(() => Flow.Sequence());
        Assert.Throws<ArgumentException>(
            () => Flow.Sequence(Flow.Planar(3, 1, new Rng(1)), Flow.Planar(4, 1, new Rng(1))));
        Assert.Throws<ArgumentException>(
            () => Flow.Sequence(Flow.Planar(3, 1, new Rng(1), 2), Flow.Planar(3, 1, new Rng(1), 3)));
    }
}
