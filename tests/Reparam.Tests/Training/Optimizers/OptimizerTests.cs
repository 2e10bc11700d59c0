using System.Text.Json;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Training.Optimizers;

/// <summary>Ten steps of each rule against torch.optim in double (tests/data/make_tables.py), and what all rules
/// share.</summary>
public sealed class OptimizerTests
{
    private static readonly ReferenceTable Table = ReferenceTable.Load("optimizers.json");

    private static readonly Dictionary<string, Optimizer> Rules = new()
    {
        ["adam"] = new Adam(0.03),
        ["adam_decay"] = new Adam(0.03, 0.8, 0.95, 1e-4) { WeightDecay = 0.1 },
        ["adamw"] = new Adam(0.03, decoupled: true) { WeightDecay = 0.1 },
        ["adagrad"] = new Adagrad(0.05),
        ["adagrad_decay"] = new Adagrad(0.05, 1e-6, 0.25) { WeightDecay = 0.1 },
        ["adamax"] = new Adamax(0.03),
        ["adamax_decay"] = new Adamax(0.03, 0.8, 0.95) { WeightDecay = 0.1 },
        ["rmsprop"] = new RmsProp(0.01),
        ["rmsprop_momentum"] = new RmsProp(0.01, 0.9, 0.8) { WeightDecay = 0.1 },
        ["sgd"] = new Sgd(0.05),
        ["sgd_decay"] = new Sgd(0.05) { WeightDecay = 0.1 },
        ["sgd_momentum"] = new Sgd(0.05, 0.9) { WeightDecay = 0.1 },
        ["sgd_nesterov"] = new Sgd(0.05, 0.9, nesterov: true),
    };

    public static TheoryData<string, DType, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, DType, double>();
            foreach (string name in Rules.Keys)
            {
                cases.Add(name, DType.Float32, 1e-5);
                cases.Add(name, DType.Float64, 1e-10);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ten_steps_agree_with_the_reference(string name, DType dtype, double tolerance)
    {
        Parameter[] parameters = Start(dtype);
        OptimizerState state = Rules[name].Start(parameters);
        int step = 0;
        foreach (JsonElement row in Table.Root.GetProperty("steps").GetProperty(name).EnumerateArray())
        {
            using var tape = new GradientTape();
            Rules[name].Step(state, tape.Gradients(Loss(parameters, dtype), parameters));
            Close.Require(ReferenceTable.NumbersOf(row), [.. parameters.SelectMany(p => p.Value.Doubles())], tolerance,
                $"{name} step {++step}");
        }

        Assert.Equal((10, 10), (step, (int)state.Step));
    }

    [Fact]
    public void Every_reference_has_a_rule_and_every_rule_a_reference() =>
        Assert.Equal(Rules.Keys.Order(), Table.Root.GetProperty("steps").EnumerateObject().Select(p => p.Name).Order());

    [Theory]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(10, 1)]
    [InlineData(5, 1)]
    [InlineData(2.5, 0.5)]
    public void Clipping_scales_the_whole_gradient_to_the_norm(double clip, double scale)
    {
        // Gradients 3 and 4 have norm 5; decay is no part of what is clipped.
        Parameter[] parameters = [new("a", Tensor.From([1.0], [1])), new("b", Tensor.From([2.0], [1]))];
        var rule = new Sgd(0.1) { GradientClip = clip, WeightDecay = 0.5 };
        using var tape = new GradientTape();
        Tensor loss = (parameters[0].Value * 3).Sum() + (parameters[1].Value * 4).Sum();
        rule.Step(rule.Start(parameters), tape.Gradients(loss, parameters));
        Close.Require(1 - 0.1 * (3 * scale + 0.5), parameters[0].Value.Item(), 1e-15);
        Close.Require(2 - 0.1 * (4 * scale + 1.0), parameters[1].Value.Item(), 1e-15);
    }

    [Fact]
    public void Learning_rate_follows_its_schedule_from_step_zero()
    {
        Parameter[] parameters = [new("p", Tensor.From([0.0], [1]))];
        var rule = new Sgd(Schedule.Step(initial: 1, factor: 0.1, every: 2));
        OptimizerState state = rule.Start(parameters);
        List<double> values = [];
        for (int i = 0; i < 5; i++)
        {
            using var tape = new GradientTape();
            rule.Step(state, tape.Gradients(-parameters[0].Value.Sum(), parameters));
            values.Add(parameters[0].Value.Item());
        }

        Close.Require([1, 2, 2.1, 2.2, 2.21], [.. values], 1e-14);
    }

    [Fact]
    public void Gradients_of_other_parameters_are_refused()
    {
        Parameter[] parameters = Start(DType.Float64);
        using var tape = new GradientTape();
        Gradients one = tape.Gradients(parameters[0].Value.Sum(), parameters[..1]);
        Assert.Throws<ArgumentException>(() => Rules["adam"].Step(Rules["adam"].Start(parameters), one));
    }

    private static Parameter[] Start(DType dtype)
    {
        double[] start = ReferenceTable.NumbersOf(Table.Root.GetProperty("start"));
        return [new("matrix", Tensor.From(start.AsSpan(0, 4), [2, 2]).To(dtype)),
            new("vector", Tensor.From(start.AsSpan(4), [2]).To(dtype))];
    }

    private static Tensor Loss(Parameter[] parameters, DType dtype)
    {
        Tensor Column(string name, Shape shape) =>
            Tensor.From(ReferenceTable.NumbersOf(Table.Root.GetProperty(name)), shape).To(dtype);
        Tensor p = Tensor.Concat(0, parameters[0].Value.Reshape([4]), parameters[1].Value);
        Tensor u = Tensor.Linear(p.Reshape([1, 6]), Column("a", [5, 6])) - Column("b", [5]);
        return (p.Square() * Column("curvature", [6])).Sum() * 0.5 + (u + (u * -2).SoftPlus()).Sum();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Clip_that_would_stop_training_is_refused(double norm) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(0.1) { GradientClip = norm });

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Weight_decay_is_not_negative(double decay) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(0.1) { WeightDecay = decay });
}
