using Reparam.Cli.Display;
using Reparam.Models;
using Reparam.Training;

namespace Reparam.Cli.Tests.Display;

/// <summary>The line of an epoch and the sentences about it.</summary>
public sealed class EpochLineTests
{
    private static readonly EpochReport s_report = new(
        7, 700, new(190, -151.22, -134.15, 17.07), new(188, -149.87, -133.07, 16.8), 8, [], true, 12345, 1)
    {
        Aggregate = new AggregatePosterior(1000, 6.5, 10.3, null, []),
    };

    [Fact]
    public void Line_has_what_fits_and_a_wide_one_has_all()
    {
        var line = new EpochLine(s_report, 40, "ELBO", 8);
        Assert.Equal("epoch  7/40  ELBO -151.2  val -149.9*  rec -134.2  KL 17.1  MI >6.5  active 8/8", line.Text(80));
        Assert.Equal(
            "epoch  7/40  ELBO -151.2  val -149.9*  rec -134.2  KL 17.1  MI >6.5  marginal KL <10.3  active 8/8"
            + "  12,345 data/s",
            line.Text(200));
        Assert.Equal("epoch  7/40  ELBO -151.2  val -149.9*  KL 17.1", line.Text(50));
    }

    [Fact]
    public void Mark_of_the_best_epoch_takes_no_number_away()
    {
        var best = new EpochLine(s_report, 40, "ELBO", 8);
        var worse = new EpochLine(s_report with { IsBest = false }, 40, "ELBO", 8);
        for (int width = 40; width < 130; width++)
            Assert.Equal(best.Text(width).Replace("*", "", StringComparison.Ordinal), worse.Text(width));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(40)]
    public void Lines_are_no_wider_than_the_terminal(int width)
    {
        EpochReport large = s_report with
        {
            Epoch = 99_999,
            Train = new(1, -12345.6, -12000.5, 345.1),
            WeightsKL = 123.4,
            KLByLatent = [("z1", 12.3), ("z2", 4.5)],
            ActiveUnits = 112,
        };
        EpochReport bare = large with { Validation = null, Aggregate = null };
        foreach (EpochReport report in (EpochReport[])[s_report, large, bare])
        {
            var line = new EpochLine(report, 100_000, "objective", 128);
            Assert.All(line.Explanation(width).Append(line.Text(width)), l => Assert.True(l.Length <= width, l));
        }
    }

    [Fact]
    public void Each_number_of_the_line_is_explained_in_a_line()
    {
        var line = new EpochLine(s_report, 40, "ELBO", 8);
        string[] explained = [.. line.Explanation(80)];
        IEnumerable<string> names = explained.Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);
        Assert.Equal(["ELBO", "val", "rec", "KL", "MI", "active"], names);
        Assert.Contains("ELBO = rec - KL", explained[3], StringComparison.Ordinal);
        // Where the score has more parts, it is no such sum.
        var other = new EpochLine(s_report with { Train = new(190, -161, -134.15, 17.07) }, 40, "ELBO", 8);
        Assert.DoesNotContain(other.Explanation(80), l => l.Contains("rec - KL", StringComparison.Ordinal));
    }
}
