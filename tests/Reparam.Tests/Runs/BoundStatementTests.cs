using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Runs;
using Reparam.Testing;

namespace Reparam.Tests.Runs;

public sealed class BoundStatementTests
{
    private const string Bound = "a lower bound on log p(x)", Surrogate = "a surrogate, not a lower bound on log p(x)";

    private static readonly RunSettings s_run = new()
    {
        Model = new VaeSettings { EventShape = [3, 3], Latent = 2, Network = new MlpNetworkSettings { Hidden = [4] } },
        Training = new() { Epochs = 10, Batch = 8 }, // 10 x 5 steps of 40 data
    };

    [Fact]
    public void Elbo_and_bounds_of_several_draws_are_told_apart()
    {
        Assert.Equal(("ELBO", Bound), Of(s_run));
        Assert.Equal(("bound", Bound), Of(Objective(new IwaeSettings { Samples = 4 })));
        Assert.Equal(("ELBO", Surrogate), Of(Objective(new ElboSettings { Beta = 0.5 })));
        Assert.Equal(("ELBO", Bound), Of(Objective(new ElboSettings { Beta = 4 })));
        Assert.Equal(("ELBO", Bound + ", which the generative model maximises; q minimises a separate loss"),
            Of(Objective(new WakeSleepSettings())));
        Assert.Equal(("bound", Surrogate), Of(Objective(new VaeGanSettings())));
    }

    [Fact]
    public void Weights_that_change_say_when_it_is_one()
    {
        Assert.Equal(("ELBO", Bound + " from step 20 on, a surrogate before"),
            Of(Objective(new ElboSettings { WarmupSteps = 20 })));
        Assert.Equal(("ELBO", Bound + " from step 10 on, a surrogate before"),
            Of(Objective(new ElboSettings { WarmupSteps = 20, Beta = 2 })));
        // The run of 50 steps is over before.
        Assert.Equal(("ELBO", Surrogate), Of(Objective(new ElboSettings { WarmupSteps = 1000 })));
        Assert.Equal(("ELBO", Bound + " in some steps and a surrogate in others, as its weights change"),
            Of(Objective(new ElboSettings { CycleSteps = 20 })));
        Assert.Equal(("ELBO", Surrogate), Of(Objective(new ElboSettings { Beta = 10, Capacity = 3 })));
        Assert.Equal(
            ("ELBO", Surrogate), Of(Objective(new ElboSettings { Beta = 10, Capacity = 3, CapacitySteps = 20 })));
    }

    [Fact]
    public void Long_runs_are_looked_at_in_strides_and_the_step_is_exact()
    {
        RunSettings run = Objective(new ElboSettings { WarmupSteps = 1_234_567 });
        Assert.Equal(("ELBO", Bound + " from step 1,234,567 on, a surrogate before"),
            Of(run with { Training = run.Training with { Epochs = 1_000_000 } }));
    }

    [Fact]
    public void What_is_bounded_depends_on_the_model_and_the_data()
    {
        Assert.Equal("a lower bound on log p(x|y)", Of(s_run.With("model.condition=labels", "model.context=3")).Text);
        Assert.Equal("a lower bound on log p(x), and on log p(x, y) for labelled data",
            Of(s_run.With("model=semi-supervised", "model.event_shape=3,3", "model.classes=3")).Text);
        Assert.Equal("a lower bound on a data point's share of log p(all data)",
            Of(s_run.With("model.network.weights=bayesian")).Text);
        Assert.Equal("a lower bound on a data point's share of log p(all data | their labels)",
            Of(s_run.With("model.network.weights=bayesian", "model.condition=labels", "model.context=3")).Text);
        Assert.StartsWith("a surrogate in training, where hidden layers",
            Of(s_run.With("model.network.normalization=batch")).Text, StringComparison.Ordinal);
        RunSettings untold = s_run.With("model=semi-supervised", "model.event_shape=3,3", "model.classes=3");
        Assert.Equal(Bound, Of(untold with { Data = untold.Data with { Labels = 0 } }).Text);
        (string name, string text) = Of(s_run.With("model.posterior=point"));
        Assert.Equal("objective", name);
        Assert.StartsWith("not a lower bound on log p(x): codes are points", text, StringComparison.Ordinal);
        Assert.StartsWith("a surrogate in training", Of(s_run.With("model.likelihood=gaussian-optimal")).Text,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "not a lower bound on log p(x): grey levels", Of(s_run, DataKind.Grey).Text, StringComparison.Ordinal);
        Assert.Equal(Bound,
            Of(s_run with { Data = s_run.Data with { Binarization = Binarization.Dynamic } }, DataKind.Grey).Text);
    }

    private static RunSettings Objective(ObjectiveSettings objective) => s_run with { Objective = objective };

    private static (string Name, string Text) Of(RunSettings config, DataKind kind = DataKind.Binary)
    {
        config = RunFactory.Complete(config);
        Dataset data = Dataset.FromBytes("dots", [3, 3], [.. Enumerable.Range(0, 360).Select(i => (byte)(i % 2))], kind,
            [.. Enumerable.Range(0, 40).Select(i => i % 3)]);
        var statement = BoundStatement.Of(
            config, RunFactory.Objective(config, data.Count), RunFactory.Make(config, data.Count), data);
        return (statement.Name, statement.Text);
    }
}
