using Reparam.Distributions;
using Reparam.Distributions.Bijectors;
using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Models.Flows;

public sealed class FlowTests
{
    private const int Size = 4;

    public static TheoryData<string> Kinds =>
        ["planar", "radial", "iaf", "maf", "coupling", "spline", "sylvester", "bnaf"];

    private static Flow Make(string kind, int context, int size = Size, int layers = 3) => kind switch
    {
        "planar" => Flow.Planar(size, layers, new Rng(1), context, DType.Float64),
        "radial" => new RadialFlow(size, layers, new Rng(8), context, DType.Float64),
        "iaf" => Flow.InverseAutoregressive(size, layers, [16], new Rng(2), context, dtype: DType.Float64),
        "maf" => Flow.MaskedAutoregressive(size, layers, [16], new Rng(3), context, dtype: DType.Float64),
        "coupling" => Flow.Coupling(size, layers, [16], new Rng(4), context, dtype: DType.Float64),
        "spline" => Flow.Coupling(size, layers, [16], new Rng(5), context, new SplineTransformer(), DType.Float64),
        "bnaf" => Flow.BlockNeuralAutoregressive(size, layers, [4], new Rng(7), context, DType.Float64),
        _ => Flow.Sylvester(size, layers, 2, 3, new Rng(6), context, DType.Float64),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Flows_invert_with_and_without_a_context(string kind)
    {
        foreach (int context in new[] { 0, 3 })
        {
            Flow flow = Make(kind, context);
            Shake(flow);
            Bijector map = flow.Map(context == 0 ? null : GradientCheck.Values([5, 3], -1, 1, seed: 9));
            Tensor x = GradientCheck.Values([5, Size], -2, 2);
            (Tensor y, Tensor logDet) = map.Forward(x);
            (Tensor again, Tensor back) = map.Inverse(y);
            Close.Require(x.Doubles(), again.Doubles(), 1e-8);
            Close.Require(logDet.Doubles(), (-back).Doubles(), 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_parameter_moves_the_density_and_the_context_does_too(string kind)
    {
        Flow flow = Make(kind, 3);
        Shake(flow);
        Tensor context = GradientCheck.Values([5, 3], -1, 1, seed: 9);
        using var tape = new GradientTape();
        var q = new TransformedDistribution(new DiagonalNormal(
            Tensor.Zeros([5, Size], DType.Float64), Tensor.Ones([5, Size], DType.Float64)), flow.Map(context));
        (Tensor value, Tensor logProb) = q.RSampleWithLogProb(new Rng(3), [7]);
        Tensor loss = (value.Square().Sum() + logProb.Sum());
        Gradients gradients = tape.Gradients(loss, [.. flow.Parameters.Select(p => p.Value), context]);
        for (int i = 0; i < gradients.Count; i++)
        {
            Assert.True(gradients[i].IsFinite() && gradients[i].Doubles().Any(g => g != 0), i < flow.Parameters.Count
                ? flow.Parameters[i].Name : "context");
        }
    }

    /// <summary>
    /// Numbers that start with a standard deviation of 0.1 give a planar or Sylvester map a slope of 1 +- |w| |u| = 1
    /// +- 0.04; the networks of the others start with outputs of 0 or, in couplings, of 0.04. A log-determinant of 0.2
    /// is two thirds of what a planar map has whose u is moved by softplus(0) - 1. In the middle of a spline's bin the
    /// logarithm of the slope changes by twice that of the bin's, which is a difference of two numbers: 0.1 for each
    /// element. A block neural map of share 0.12 loses up to -log 0.88 = 0.13 for each where its tanh is flat.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Flows_start_near_the_identity_whatever_the_context(string kind)
    {
        Flow flow = Make(kind, 3, layers: 1);
        (Tensor y, Tensor logDet) = flow.Map(GradientCheck.Values([50, 3], -1, 1, seed: 9)).Forward(
            GradientCheck.Values([50, Size], -2, 2));
        Close.Require(new double[50], logDet.Doubles(), kind is "spline" or "bnaf" ? 0.5 : 0.2);
        Close.Require(GradientCheck.Values([50, Size], -2, 2).Doubles(), y.Doubles(), 0.2);
    }

    public static TheoryData<string> Architectures => ["mlp", "conv", "resnet"];

    /// <summary>With the weights of the head at 0 all data have one normal posterior; what still tells them apart
    /// reached the flow from the layer before.</summary>
    [Theory]
    [MemberData(nameof(Architectures))]
    public void Flow_of_a_posterior_reads_the_last_hidden_layer(string architecture)
    {
        Vae Model(int width)
        {
            Flow flow = Make("planar", width);
            return architecture switch
            {
                "mlp" => Vae.Mlp([8, 8], Size, [9], Likelihood.Bernoulli, new Rng(1),
                    options: new() { DType = DType.Float64, Flow = flow }),
                "conv" => Vae.Conv(
                    [8, 8], Size, [3], Likelihood.Bernoulli, new Rng(1), [],
                    options: new() { DType = DType.Float64, Flow = flow }),
                _ => Vae.Residual(
                    [8, 8], Size, [3], Likelihood.Bernoulli, new Rng(1), hidden: [],
                    options: new() { DType = DType.Float64, Flow = flow }),
            };
        }

        int width = architecture == "mlp" ? 9 : 3 * 4 * 4;
        Vae vae = Model(width);
        foreach (Parameter parameter in vae.Parameters)
        {
            if (parameter.Name == "encoder.base.head.weight")
                parameter.Assign(Tensor.Zeros(parameter.Shape, DType.Float64));
            if (parameter.Name == "encoder.flow.0.weight")
                parameter.Assign(new Rng(5).Normal(parameter.Shape, DType.Float64));
        }

        Tensor points = vae.Encode(GradientCheck.Values([2, 8, 8], 0, 1));
        Assert.NotEqual(points.Slice(0, 0, 1).Doubles(), points.Slice(0, 1, 1).Doubles());
        Assert.Contains("last hidden layer", Assert.Throws<ArgumentException>(() => Model(width + 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Flow_of_another_size_than_the_latents_is_refused() =>
        Assert.Throws<ArgumentException>(() => Vae.Mlp(
            [6], Size + 1, [9], Likelihood.Bernoulli, new Rng(1),
            options: new() { DType = DType.Float64, Flow = Make("planar", 0) }));

    [Fact]
    public void A_context_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Make("planar", 0).Map(Tensor.Zeros([3], DType.Float64)));
        Assert.Throws<ArgumentException>(() => Make("iaf", 3).Map());
        Assert.Throws<ArgumentException>(() => Make("iaf", 3).Map(Tensor.Zeros([2, 4], DType.Float64)));
        Assert.Throws<ArgumentException>(() => Flow.Coupling(Size, 1, [], new Rng(1)));
    }

    /// <summary>
    /// A banana of known density: z1 ~ N(0, 1), z2 | z1 ~ N(z1^2 - 1, 0.5^2). What training makes of a normal with
    /// independent components stays away from it; flows come nearer, and none can be nearer than 0.
    /// </summary>
    [Theory]
    [InlineData("planar", 8)]
    [InlineData("iaf", 3)]
    [InlineData("bnaf", 1)]
    public void Flow_comes_nearer_to_a_known_target_than_a_normal_does(string kind, int layers)
    {
        (double normal, double normalError) = Divergence(null);
        (double flow, double flowError) = Divergence(Make(kind, 0, 2, layers));
        Assert.True(flow + 6 * (flowError + normalError) < normal,
            $"normal {normal} +/- {normalError}, {kind} {flow} +/- {flowError}");
        Assert.True(flow > -6 * flowError, $"{flow} +/- {flowError}");
        // What is left is at most half of what the normal leaves.
        Assert.True(flow < 0.5 * normal, $"normal {normal}, {kind} {flow}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Flow_posterior_trains_evaluates_and_scores_its_draws(string kind)
    {
        Flow flow = Make(kind, 9);
        Vae vae = Vae.Mlp([6], Size, [9], Likelihood.Gaussian(0.5), new Rng(1),
            options: new() { DType = DType.Float64, Flow = flow });
        Assert.Contains(vae.Parameters, p => p.Name.StartsWith("encoder.flow.", StringComparison.Ordinal));
        Tensor x = GradientCheck.Values([7, 6], -1, 1);
        using var tape = new GradientTape();
        InferencePass pass = vae.Infer(x, new Rng(2), 3);
        Close.Require(pass.Latents[0].Posterior.LogProb(pass.Latents[0].Value).Doubles(),
            pass.Latents[0].LogPosterior.Doubles(), 1e-7);
        foreach (Objective objective in new Objective[] { new Elbo(3), new ImportanceWeightedElbo(3),
            new ImportanceWeightedElbo(3) { Gradient = PathGradient.StickingTheLanding } })
        {
            Gradients gradients = tape.Gradients(objective.Evaluate(pass, 0).Loss, vae.Parameters);
            Assert.True(double.IsFinite(gradients.Norm()) && gradients.Norm() > 0);
        }

        Assert.Throws<NotSupportedException>(
            () => new ImportanceWeightedElbo(3) { Gradient = PathGradient.DoublyReparameterized }.Evaluate(pass, 0));
        Assert.True(vae.Encode(x).IsFinite());
    }

    /// <summary>KL(q || banana) after training, from fresh draws.</summary>
    private static (double Mean, double Error) Divergence(Flow? flow)
    {
        var loc = new Parameter("loc", Tensor.Zeros([2], DType.Float64));
        var logScale = new Parameter("log_scale", Tensor.Zeros([2], DType.Float64));
        Parameter[] parameters = [loc, logScale, .. flow?.Parameters ?? []];
        var optimizer = new Adam(0.02);
        OptimizerState state = optimizer.Start(parameters);
        for (int step = 0; step < 800; step++)
        {
            using var tape = new GradientTape();
            optimizer.Step(state, tape.Gradients(Terms(new Rng(7).At(step), 128).Mean(), parameters));
        }

        const int Draws = 20_000, Part = 2_000;
        return MonteCarlo.MeanOf(Enumerable.Range(0, Draws / Part).SelectMany(part =>
        {
            using var scope = new TensorScope();
            return Terms(new Rng(8).At(0, part * Part), Part).Doubles();
        }));

        Tensor Terms(Rng rng, int draws)
        {
            ReparameterizedDistribution q = new DiagonalNormal(loc.Value, logScale.Value.Exp());
            if (flow is not null) q = new TransformedDistribution(q, flow.Map());
            (Tensor z, Tensor logProb) = q.RSampleWithLogProb(rng, [draws]);
            return logProb - LogBanana(z);
        }
    }

    private static Tensor LogBanana(Tensor z)
    {
        Tensor z1 = z.Slice(^1, 0, 1).Reshape(z.Shape[..^1]), z2 = z.Slice(^1, 1, 1).Reshape(z.Shape[..^1]);
        return z1.Square() * -0.5 - ((z2 - z1.Square() + 1) / 0.5).Square() * 0.5 - Math.Log(2 * Math.PI * 0.5);
    }

    /// <summary>Away from the start, where some parameters have no effect yet.</summary>
    private static void Shake(Flow flow)
    {
        var rng = new Rng(99);
        foreach (Parameter parameter in flow.Parameters)
            parameter.Assign(parameter.Value + rng.Normal(parameter.Shape, DType.Float64) * 0.3);
    }

    [Fact]
    public void Made_is_autoregressive_and_uses_all_that_it_may()
    {
        var made = new Made(4, 2, [16, 16], 0, Activation.Tanh, Initializer.PyTorch, new Rng(1), DType.Float64);
        var rng = new Rng(2);
        foreach (Parameter parameter in made.Parameters) parameter.Assign(rng.Normal(parameter.Shape, DType.Float64));
        for (int output = 0; output < 8; output++)
        {
            using var tape = new GradientTape();
            Tensor x = GradientCheck.Values([4], -1, 1);
            double[] slope = tape.Gradients(made.Forward(x).Slice(0, output, 1).Sum(), [x])[0].Doubles();
            for (int input = 0; input < 4; input++) Assert.Equal(input < output / 2, slope[input] != 0);
        }
    }
}
