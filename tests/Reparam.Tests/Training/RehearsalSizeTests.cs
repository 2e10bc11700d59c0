using System.Diagnostics;
using Reparam.Data;
using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Training;

/// <summary>What a rehearsal costs, and what it says of models that nobody could build.</summary>
[Collection(nameof(Undisturbed))]
public sealed class RehearsalSizeTests(ITestOutputHelper output)
{
    private const int Million = 1_000_000, Billion = 1_000_000_000;

    private static readonly Shape s_event = [8, 8];

    private static readonly Dictionary<string, Giant> s_giants = new()
    {
        ["hidden layers"] = new(rng => Mlp(rng, 2, [Million, Million])),
        ["latents"] = new(rng => Mlp(rng, Billion, [6])),
        ["channels"] = new(rng => Vae.Conv(s_event, 2, [Million, Million], Likelihood.Bernoulli, rng)),
        ["residual channels"] = new(rng => Vae.Residual(s_event, 2, [100_000], Likelihood.Bernoulli, rng)),
        ["event"] = new(rng => Vae.Mlp([65_536, 30_000], 2, [6], Likelihood.Bernoulli, rng)),
        ["codes"] = new(rng => new VqVae(s_event, Billion, 64, [3], Likelihood.Bernoulli, rng)),
        ["autoregressive codes"] = new(rng => new VqVae(
            s_event, Million, 2, [3], Likelihood.Bernoulli, rng,
            prior: places => new AutoregressivePrior(places, Million, rng))),
        ["outcomes"] = new(rng => Mlp(rng, 2, [6], PosteriorFamily.Categorical(Billion))),
        ["full covariance"] = new(rng => Mlp(rng, 100_000, [6], PosteriorFamily.FullCovariance)),
        ["low-rank covariance"] = new(rng => Mlp(rng, Million, [6], PosteriorFamily.LowRank(Million))),
        ["mixture posterior"] = new(rng => Mlp(rng, Million, [6], PosteriorFamily.Mixture(Million))),
        ["uncertain weights"] = new(rng => Vae.Mlp(
            s_event, 2, [Million, Million], Likelihood.Bernoulli, rng, options: new() { UncertainWeights = true })),
        ["planar flow"] = new(rng => Mlp(rng, Million, [6], flow: Flow.Planar(Million, 1, rng, 2000))),
        ["inverse autoregressive flow"] = new(rng => Mlp(
            rng, Million, [6], flow: Flow.InverseAutoregressive(Million, 1, [1000], rng, 6))),
        ["coupling flow"] = new(rng => Mlp(rng, Million, [6], flow: Flow.Coupling(Million, 2, [Million], rng, 6))),
        ["block neural flow"] = new(rng => Mlp(
            rng, 10_000, [6], flow: Flow.BlockNeuralAutoregressive(10_000, 1, [8], rng, 6))),
        ["Sylvester flow"] = new(rng => Mlp(
            rng, Million, [1000], flow: Flow.Sylvester(Million, 1, 4, 4, rng, 1000))),
        ["mixture prior"] = new(rng => Mlp(rng, 1000, [6], prior: _ => new MixturePrior(1000, Million, rng))),
        ["pseudo-inputs"] = new(rng => Mlp(
            rng, 2, [6], prior: encoder => new VampPrior(encoder, s_event, Billion, true, rng))),
        ["batch"] = new(rng => Mlp(rng, 2, [6])) { Batch = Billion },
        ["draws"] = new(rng => Mlp(rng, 2, [6])) { Objective = new ImportanceWeightedElbo(Billion) },
        ["total correlation"] = new(rng => Mlp(rng, 2, [6]))
        {
            Objective = new Elbo { Penalties = [new TotalCorrelation(1, 1000)] },
            Batch = 100_000,
        },
    };

    public static TheoryData<string> Giants => [.. s_giants.Keys];

    [Theory]
    [MemberData(nameof(Giants))]
    public void Model_that_fits_no_memory_is_refused_at_once_and_without_memory(string name)
    {
        Giant giant = s_giants[name];
        Shape eventShape = name == "event" ? [65_536, 30_000] : s_event;
        Warm();
        var rng = new Rng(1);
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        var refused = Assert.Throws<TensorSizeException>(
            () => Rehearsal.Of(() => giant.Make(rng), _ => giant.Objective, eventShape, giant.Batch));
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{time.TotalMilliseconds:F0} ms, {bytes:N0} bytes: {refused.Message}");
        Assert.True(refused.Elements > refused.MostElements);
        Assert.InRange(bytes, 0, 50_000_000);
        Assert.InRange(time.TotalSeconds, 0, 0.2);
        Assert.False(ShapeScope.IsOn);
        Assert.Equal(new Rng(1).NextUInt64(), rng.NextUInt64());
    }

    [Fact]
    public void Refusal_names_the_shape_its_elements_and_the_most_there_may_be()
    {
        var refused = Assert.Throws<TensorSizeException>(
            () => Rehearsal.Of(() => Mlp(new Rng(1), 2, [Million, Million]), _ => new Elbo(), s_event, 12));
        Assert.Equal(
            "The shape [1000000, 1000000] has 1000000000000 elements, but a tensor holds at most 2147483647.",
            refused.Message);
        Assert.Equal((1e12, int.MaxValue), (refused.Elements, refused.MostElements));

        refused = Assert.Throws<TensorSizeException>(
            () => Rehearsal.Of(() => Mlp(new Rng(1), 2, [1000]), _ => new Elbo(), s_event, Million));
        Assert.Equal(
            "The shape [1000000, 1000] has 1000000000 elements, but a Float32 tensor holds at most 536870865 "
            + "(in encoder.hidden.0).",
            refused.Message);
        Assert.Equal("encoder.hidden.0", refused.Layer);
    }

    [Fact]
    public void Large_model_that_fits_is_told_of_without_its_memory()
    {
        Warm();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Rehearsal told = Rehearsal.Of(
            () => Mlp(new Rng(1), 50, [20_000, 20_000]), _ => new Elbo(), s_event, 1000);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{bytes:N0} bytes for {told}");
        long encoder = (64 + 1) * 20_000L + 20_001 * 20_000L + 20_001 * 100L;
        Assert.Equal(encoder + (50 + 1) * 20_000L + 20_001 * 20_000L + 20_001 * 64L, told.Parameters);
        Assert.Equal(3 * 4 * told.Parameters, told.StateBytes);
        Assert.Equal((400_000_000, "parameter encoder.hidden.1.weight"), (told.Largest.Elements, told.Largest.Origin));
        Assert.InRange(told.StepBytes, 4 * told.Parameters, 8 * told.Parameters);
        Assert.InRange(bytes, 0, 1_000_000);
    }

    [Fact]
    public void Default_model_takes_milliseconds()
    {
        RunSettings config = Configured.With("model.event_shape=28,28");
        Rehearsal Rehearse() => Rehearsal.Of(
            () => RunFactory.Make(config, 1000), _ => RunFactory.Objective(config), [28, 28], config.Training.Batch,
            binarization: Binarization.Dynamic);
        Rehearse();
        double fastest = double.PositiveInfinity;
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Rehearse();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        output.WriteLine($"{fastest:F2} ms: {Rehearse()}");
        Assert.InRange(fastest, 0, 20);
    }

    [Fact]
    public void What_does_not_go_together_comes_out_as_it_was_thrown()
    {
        Vae model = SmallModel.Make();
        var thrown = new NotSupportedException("these do not go together");
        var objective = new Refusing(thrown);
        Assert.Same(thrown, Assert.Throws<NotSupportedException>(
            () => Rehearsal.Of(model, objective, SmallModel.Event, 4)));
        Assert.Same(thrown, Assert.Throws<NotSupportedException>(
            () => Rehearsal.Of(() => throw thrown, _ => objective, SmallModel.Event, 4)));
        // An objective that is not told of how many data share the weights' KL.
        Vae uncertain = Vae.Mlp(
            SmallModel.Event, 2, [3], Likelihood.Bernoulli, new Rng(1), options: new() { UncertainWeights = true });
        Assert.Throws<InvalidOperationException>(() => Rehearsal.Of(uncertain, new Elbo(), SmallModel.Event, 4));
        Assert.Throws<ArgumentException>(() => Rehearsal.Of(model, new Elbo(), [5, 5], 4));
        Assert.False(ShapeScope.IsOn);
        Assert.Null(model.Mode);
        Assert.True(Tensor.Ones([2]).HasElements);
    }

    [Fact]
    public void Float64_model_counts_eight_bytes_an_element()
    {
        Rehearsal single = Rehearsal.Of(SmallModel.Make(), new Elbo(), SmallModel.Event, 4);
        Rehearsal wide = Rehearsal.Of(SmallModel.Make(dtype: DType.Float64), new Elbo(), SmallModel.Event, 4);
        Assert.Equal(2 * single.StateBytes, wide.StateBytes);
        Assert.InRange(wide.StepBytes, single.StepBytes + 1, 2 * single.StepBytes);
        Assert.Equal(DType.Float64, wide.Largest.DType);
    }

    /// <summary>Compiles what a rehearsal runs, so that times and bytes are its own.</summary>
    private static void Warm()
    {
        Rehearsal.Of(() => SmallModel.Make(), _ => new Elbo(), SmallModel.Event, 4, new Adam(1e-3));
        Assert.Throws<TensorSizeException>(() => Tensor.Zeros(Shape.Create([Million, Million])));
    }

    private static Vae Mlp(
        Rng rng, int latent, int[] hidden, PosteriorFamily? family = null, Flow? flow = null,
        Func<NetworkEncoder, Prior>? prior = null) =>
        Vae.Mlp(s_event, latent, hidden, Likelihood.Bernoulli, rng,
            options: new() { Posterior = family ?? PosteriorFamily.Normal, Flow = flow, Prior = prior });

    private sealed record Giant(Func<Rng, LatentVariableModel> Make)
    {
        public Objective Objective { get; init; } = new Elbo();

        public int Batch { get; init; } = 12;
    }

    private sealed class Refusing(Exception thrown) : Objective
    {
        public override string Name => "refusing";

        public override int Samples => 1;

        public override bool IsLowerBound(long step) => false;

        public override ObjectiveValue Evaluate(InferencePass pass, long step) => throw thrown;
    }
}
