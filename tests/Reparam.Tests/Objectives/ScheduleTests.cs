using Reparam.Objectives;

namespace Reparam.Tests.Objectives;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(1, 0.28)]
    [InlineData(5, 0.6)]
    [InlineData(9, 0.92)]
    [InlineData(10, 1)]
    [InlineData(11, 1)]
    [InlineData(1_000_000_000_000, 1)]
    public void Linear_rises_in_equal_increments_then_stays(long step, double value) =>
        Assert.Equal(value, Schedule.Linear(from: 0.2, to: 1, steps: 10).At(step), 1e-15);

    [Fact]
    public void Linear_over_no_steps_is_its_end_at_once() => Assert.Equal(3, Schedule.Linear(1, 3, 0).At(0));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0.5)]
    [InlineData(4, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 0)]
    [InlineData(9, 0.25)]
    [InlineData(8_000_002, 0.5)]
    public void Cyclical_rises_through_half_of_each_period_then_stays(long step, double value) =>
        Assert.Equal(value, Schedule.Cyclical(from: 0, to: 1, period: 8).At(step), 1e-15);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 0.5)]
    [InlineData(29, 0.25)]
    [InlineData(30, 0.125)]
    public void Step_multiplies_at_each_multiple(long step, double value) =>
        Assert.Equal(value, Schedule.Step(initial: 1, factor: 0.5, every: 10).At(step), 1e-15);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 1.458)]
    [InlineData(100, 5.312279777517521e-05)]
    public void Exponential_multiplies_each_step(long step, double value) =>
        Assert.Equal(value, Schedule.Exponential(initial: 2, factor: 0.9).At(step), 1e-13);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 0.5)]
    [InlineData(39, 0.5)]
    [InlineData(40, 0.25)]
    [InlineData(129, 0.25)]
    [InlineData(130, 0.125)]
    public void Stages_grow_threefold(long step, double value) =>
        Assert.Equal(value, Schedule.Stages(1, 0.5, first: 10).At(step), 1e-15);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 0.8535533905932737)]
    [InlineData(50, 0.5)]
    [InlineData(100, 0)]
    [InlineData(101, 0)]
    public void Cosine_falls_along_half_a_wave(long step, double value) =>
        Assert.Equal(value, Schedule.Cosine(from: 1, to: 0, steps: 100).At(step), 1e-15);

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(13, 1)]
    [InlineData(14, 0.5)]
    public void AfterWarmUp_rises_to_the_first_value_and_starts_its_clock_then(long step, double value) =>
        Assert.Equal(value, Schedule.Step(1, 0.5, every: 10).AfterWarmUp(4).At(step), 1e-15);

    [Fact]
    public void Constant_comes_from_a_number()
    {
        Schedule schedule = 0.25;
        Assert.Equal(0.25, schedule.At(123));
        Assert.Equal("0.25", schedule.ToString());
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Linear(0, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Cyclical(0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Cyclical(0, 1, 5, rising: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Step(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Stages(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Cosine(1, 0, 0));
    }
}
