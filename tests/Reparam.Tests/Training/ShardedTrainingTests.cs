using Reparam.Data;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Objectives;
using Reparam.Processes;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;
using Reparam.Tests.Processes;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Training;

/// <summary>Batches that are cut into shards, in one process and in several.</summary>
public sealed class ShardedTrainingTests
{
    // The last batch of 50 data in batches of 16 has 2, so most of its shards are empty.
    private static readonly Dataset Train = SmallModel.Ramps(50), Validation = SmallModel.Ramps(20, seed: 6);

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 3, BatchSize = 16, Binarization = Binarization.Dynamic, Shards = 8,
    };

    [Theory]
    [InlineData()]
    [InlineData("model.network.normalization=batch", "training.batch=25")]
    [InlineData("model.likelihood=gaussian-optimal")]
    [InlineData("model.posterior=categorical:3", "model.latent=6")]
    [InlineData("objective=vae-gan")]
    [InlineData("objective=wake-sleep")]
    public void Number_of_processes_changes_no_bit(params string[] settings)
    {
        RunSettings config = Configured.With([
            "model.event_shape=4,4", "model.latent=4", "model.network.hidden=8", "training.batch=16", .. settings]);
        string one = Fit(config, Ranks.One);
        foreach (int count in (int[])[2, 4, 8])
        {
            string[] hashes = ThreadRanks.Run(count, ranks => Fit(config, ranks));
            Assert.All(hashes, hash => Assert.Equal(one, hash));
        }

        Assert.NotEqual(one, Fit(config, Ranks.One, shards: 1));
    }

    [Fact]
    public void Gradient_is_that_of_the_whole_batch()
    {
        // The noise of a data point is the same in a shard as in the whole batch, so only the rounding differs.
        Vae whole = SmallModel.Make(Likelihood.Bernoulli), cut = SmallModel.Make(Likelihood.Bernoulli);
        var once = Options with { Epochs = 1, BatchSize = 50 };
        new Trainer(new Sgd(0.1), once with { Shards = 1 }).Fit(whole, new Elbo(), Train, new Rng(1));
        new Trainer(new Sgd(0.1), once).Fit(cut, new Elbo(), Train, new Rng(1));
        Assert.NotEqual(WeightsFile.Sha256(whole.State), WeightsFile.Sha256(cut.State));
        foreach ((Parameter a, Parameter b) in whole.Parameters.Zip(cut.Parameters))
            Close.Require(a.Value.Doubles(), b.Value.Doubles(), 1e-6);
    }

    [Fact]
    public void Buffers_change_by_the_mean_of_the_changes()
    {
        RunSettings config = Configured.With(
            "model.event_shape=4,4", "model.latent=4", "model.network.hidden=8", "model.network.normalization=batch");
        // One step on 10 data in two shards, and one step on each half alone, all from the same start.
        Dataset data = SmallModel.Ramps(10);
        int[] order = new Rng(1).Split("order").At(0).Permutation(10);
        LatentVariableModel both = Step(data, 10, 2);
        // The statistics of the first hidden layer do not depend on noise.
        string name = both.Buffers[0].Name;
        Assert.EndsWith("running_mean", name, StringComparison.Ordinal);
        double[] first = Buffer(Step(data.Subset(order.AsSpan(0, 5)), 5, 1), name);
        double[] second = Buffer(Step(data.Subset(order.AsSpan(5)), 5, 1), name);
        Close.Require([.. first.Zip(second, (a, b) => (a + b) / 2)], Buffer(both, name), 1e-6);

        LatentVariableModel Step(Dataset train, int batch, int shards)
        {
            LatentVariableModel model = RunFactory.Model(config);
            new Trainer(new Sgd(0.1), new TrainerOptions { Epochs = 1, BatchSize = batch, Shards = shards })
                .Fit(model, new Elbo(), train, new Rng(1));
            return model;
        }

        static double[] Buffer(LatentVariableModel model, string name) =>
            model.Buffers.Single(b => b.Name == name).Value.Doubles();
    }

    [Theory]
    [InlineData("power of two", "training.shards=6")]
    [InlineData("cannot be cut", "training.shards=32", "training.batch=16")]
    [InlineData("The part 'codebook' of the model (Codebook) has state", "training.shards=2", "model=vq-vae",
        "model.network.channels=2,3", "model.network.hidden=", "model.event_shape=1,8,8")]
    [InlineData("compares the data of a shard", "training.shards=8", "training.batch=12",
        "model.network.normalization=batch")]
    [InlineData("compares the data of a shard", "training.shards=8", "training.batch=12", "objective=info-vae")]
    public void Batch_that_cannot_be_cut_is_refused(string why, params string[] settings)
    {
        RunSettings config = Configured.With(
            ["model.event_shape=4,4", "model.latent=4", "model.network.hidden=8", .. settings]);
        var failure = Assert.Throws<InvalidConfigException>(() => RunFactory.Check(config, 96));
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_whose_parameters_the_first_batch_sets_is_refused()
    {
        Vae vae = Vae.Mlp(SmallModel.Event, 4, [8], Likelihood.Bernoulli, new Rng(1),
            options: new() { Flow = Flow.Sequence(Flow.Planar(4, 1, new Rng(2)), Flow.ActNorm(4)) });
        var trainer = new Trainer(new Sgd(0.1), Options);
        var failure = Assert.Throws<NotSupportedException>(() => trainer.Fit(vae, new Elbo(), Train, new Rng(1)));
        Assert.Contains(
            "(ActNormFlow) has state that follows whole batches", failure.Message, StringComparison.Ordinal);
        new Trainer(new Sgd(0.1), Options with { Shards = 1, Epochs = 1 }).Fit(vae, new Elbo(), Train, new Rng(1));
    }

    [Fact]
    public void Model_of_ones_own_states_that_it_needs_whole_batches()
    {
        // Of the 50 data, the last batch of 16 has 2: too few for shards of 2 data points.
        foreach ((Encoder own, string why) in ((Encoder, string)[])[
            (new WholeEncoder(SmallModel.Make().Encoder), "The part 'encoder' of the model (WholeEncoder) has state"),
            (new ComparingEncoder(SmallModel.Make().Encoder),
                "The part 'encoder' of the model (ComparingEncoder) compares the data of a shard")])
        {
            var failure = Assert.Throws<NotSupportedException>(() => new Trainer(new Sgd(0.1), Options).Fit(
                new Vae(own, SmallModel.Make().Decoder, new StandardNormalPrior(3)), new Elbo(), Train, new Rng(1)));
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Processes_that_cannot_share_the_shards_are_refused() => ThreadRanks.Run(4, ranks =>
    {
        var failure = Assert.Throws<ArgumentException>(
            () => new Trainer(new Sgd(0.1), Options with { Shards = 2 }) { Ranks = ranks });
        Assert.Contains("4 processes cannot share 2 shards", failure.Message, StringComparison.Ordinal);
        return 0;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Every_process_names_the_same_divergence(int count)
    {
        (string Origin, long Step)[] seen = ThreadRanks.Run(count, ranks =>
        {
            Vae vae = SmallModel.Make(Likelihood.Bernoulli);
            float[] values = vae.Parameters[0].Value.ToArray<float>();
            values[3] = float.NaN;
            vae.Parameters[0].Assign(Tensor.From(values, vae.Parameters[0].Shape));
            var failure = Assert.Throws<TrainingDivergedException>(() => new Trainer(new Sgd(0.1), Options)
            {
                Ranks = ranks,
            }.Fit(vae, new Elbo(), Train, new Rng(1)));
            Assert.Equal(16, failure.Indices.Count);
            return (failure.Origin, failure.Step);
        });
        Assert.Single(seen.Distinct());
        Assert.Contains(" in encoder", seen[0].Origin, StringComparison.Ordinal);
    }

    [Fact]
    public void Request_to_one_process_stops_all_after_the_same_step()
    {
        long[] steps = ThreadRanks.Run(2, ranks =>
        {
            using var stop = new CancellationTokenSource();
            var trainer = new Trainer(new Sgd(0.01), Options, new StopAt(ranks.Rank == 1 ? 5 : long.MaxValue, stop))
            {
                Ranks = ranks,
            };
            TrainingReport report = trainer.Fit(
                SmallModel.Make(Likelihood.Bernoulli), new Elbo(), Train, new Rng(1), cancellation: stop.Token);
            Assert.True(report.Interrupted);
            return report.State.Step;
        });
        Assert.Equal([6, 6], steps);
    }

    private static string Fit(RunSettings config, Ranks ranks, int shards = 8)
    {
        LatentVariableModel model = RunFactory.Model(config);
        Objective objective = RunFactory.Objective(config, Train.Count);
        new Trainer(new Adam(1e-3), Options with { Shards = shards, BatchSize = config.Training.Batch })
        {
            Ranks = ranks,
        }.Fit(model, objective, Train, new Rng(1), Validation);
        return WeightsFile.Sha256([.. model.State, .. objective.Adversary?.State ?? []]);
    }

    private abstract class InnerEncoder : Encoder
    {
        private readonly Encoder _inner;

        protected InnerEncoder(Encoder inner) => _inner = inner;

        public sealed override Distribution Given(Tensor x) => _inner.Given(x);
    }

    private sealed class WholeEncoder(Encoder inner) : InnerEncoder(inner)
    {
        public override bool NeedsWholeBatches => true;
    }

    private sealed class ComparingEncoder(Encoder inner) : InnerEncoder(inner)
    {
        public override bool ComparesData => true;
    }

    private sealed class StopAt(long step, CancellationTokenSource stop) : TrainingCallback
    {
        public override void OnStep(TrainingState state, StepReport report)
        {
            if (report.Step == step) stop.Cancel();
        }
    }
}
