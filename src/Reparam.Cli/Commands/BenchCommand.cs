using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Benchmarks;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam bench</c>: how fast training is on this machine, and which work takes the time.</summary>
internal static class BenchCommand
{
    private static readonly Argument<string[]> Works = new("WORK")
    {
        Description = "The reference steps to measure; all by default: " +
            $"{string.Join(", ", ReferenceWork.All.Select(w => w.Name))}.", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "Seconds to spend on each reference step. The first half is for warming up.",
        DefaultValueFactory = _ => 4, HelpName = "S",
    };

    private static readonly Option<int?> Steps = new("--steps")
    {
        Description = "Number of steps to take instead of --seconds.", HelpName = "N",
    };

    private static readonly Option<bool> Denormals = new("--denormals")
    {
        Description = "Count the denormal numbers (below 2^-126 in Float32) that each kernel makes in " +
            $"{StepTiming.MeteredSteps} steps after the measured ones. Operations with them are slow on many " +
            "processors.",
    };

    private static readonly Option<bool> Kernels = new("--kernels")
    {
        Description = "Show the time of each kernel, not only of each kind of work.",
    };

    public static Command Create()
    {
        var command = new Command("bench", "Measure reference training steps on this machine: images/s, GFLOP/s, " +
            "the speed compared with plain matrix products, and the time of each kind of work.");
        command.Arguments.Add(Works);
        SharedOptions.AddTo(
            command, Seconds, Steps, Kernels, Denormals, SharedOptions.Threads, SharedOptions.Quiet,
            SharedOptions.Json);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        SharedOptions.Apply(parsed);
        double seconds = parsed.GetValue(Seconds);
        if (!(seconds is > 0 and <= 3600))
        {
            throw new InvalidConfigException(
                $"--seconds must be above 0 and at most 3600, not {seconds.ToString(CultureInfo.InvariantCulture)}.");
        }

        int? count = parsed.GetValue(Steps);
        if (count is { } steps)
        {
            if (parsed.GetResult(Seconds) is { Implicit: false })
                throw new InvalidConfigException("Give --steps or --seconds, not both.");
            if (steps is < 1 or > 10_000_000)
                throw new InvalidConfigException($"--steps must be at least 1 and at most 10000000, not {steps}.");
        }

        bool denormals = parsed.GetValue(Denormals);
        ReferenceWork[] works = Chosen(parsed.GetValue(Works) ?? []);
        using var interruption = new Interruption(cancellation);
        double peak = ProductSpeed.Measure();
        var result = new Result(parsed);
        result.Add("threads", Execution.Threads, "machine", FormattableString.Invariant(
            $"{Execution.Threads} thread{(Execution.Threads == 1 ? "" : "s")}, {Execution.VectorBits}-bit vectors"));
        result.Add("vector_bits", Execution.VectorBits);
        result.Add("product_gflops", Math.Round(peak, 1),
            "products", string.Create(CultureInfo.InvariantCulture, $"{peak:F1} GFLOP/s at {ProductSpeed.Edge} " +
            $"x {ProductSpeed.Edge} x {ProductSpeed.Edge}; the floor of a step is its products' time at this speed"));
        var measured = new JsonObject();
        var table = new ResultTable(
            "step", "batch", "ms", "images/s", "GFLOP/s", "floor ms", "over floor", "KB allocated")
        {
            Spare = ["KB allocated", "batch", "floor ms"],
        };
        List<(string Title, ResultTable Table)> details = [];
        foreach (ReferenceWork work in works)
        {
            if (!parsed.GetValue(SharedOptions.Quiet)) Message.Line($"measuring {work.Name}: {work.Description}");
            StepTiming timing = StepTiming.Measure(
                work, seconds, count, denormals, interruption.Token);
            double floor = timing.ProductFlops / peak / 1e6, rate = work.Batch / timing.Milliseconds * 1e3;
            table.Add(
                work.Name, Text(work.Batch, 0), Text(timing.Milliseconds, 3), Text(rate, 0),
                Text(timing.ProductFlops / timing.Milliseconds / 1e6, 1), Text(floor, 3),
                Text(timing.Milliseconds / floor, 2), Text(timing.AllocatedBytes / 1e3, 1));
            details.Add(
                ($"{work.Name}: {work.Description}", parsed.GetValue(Kernels) ? ByKernel(timing) : ByKind(timing)));
            if (denormals) details.Add(DenormalsOf(work, timing));
            measured[work.Name] = Node(work, timing, floor);
        }

        result.Add("steps", measured);
        result.Table(table);
        foreach ((string title, ResultTable detail) in details)
        {
            result.Paragraph(title);
            result.Table(detail);
        }

        return result.Print();
    }

    private static ReferenceWork[] Chosen(string[] names)
    {
        foreach (string name in names)
        {
            if (ReferenceWork.All.All(w => w.Name != name))
            {
                throw new InvalidConfigException($"There is no reference step '{name}'. Choose from " +
                    $"{string.Join(", ", ReferenceWork.All.Select(w => w.Name))}.");
            }
        }

        return names.Length == 0 ? [.. ReferenceWork.All] : [.. ReferenceWork.All.Where(w => names.Contains(w.Name))];
    }

    /// <summary>The time of the kernels by kind of work. The rest of the step is the bookkeeping around the
    /// kernels.</summary>
    private static ResultTable ByKind(StepTiming timing)
    {
        var table = new ResultTable("kind of work", "us", "share %", "calls", "GFLOP/s", "GB/s");
        double total = timing.Shares.Sum(s => s.Time.TotalMicroseconds);
        foreach (IGrouping<string, WorkShare> kind in timing.Shares.GroupBy(s => s.Kind).OrderByDescending(
            k => k.Sum(s => s.Time.TotalSeconds)))
        {
            double microseconds = kind.Sum(s => s.Time.TotalMicroseconds), flops = kind.Sum(s => s.Flops);
            table.Add(
                kind.Key, Text(microseconds, 1), Text(100 * microseconds / total, 1), Text(kind.Sum(s => s.Calls), 0),
                flops == 0 ? "" : Text(flops / microseconds / 1e3, 1),
                Text(kind.Sum(s => s.Bytes) / microseconds / 1e3, 1));
        }

        return table;
    }

    private static ResultTable ByKernel(StepTiming timing)
    {
        var table = new ResultTable("kernel", "us", "fastest call", "calls", "GFLOP/s", "GB/s");
        foreach (WorkShare share in timing.Shares)
        {
            double microseconds = share.Time.TotalMicroseconds;
            table.Add(
                share.Name, Text(microseconds, 1), Text(share.Fastest.TotalMicroseconds, 1), Text(share.Calls, 0),
                share.Flops == 0 ? "" : Text(share.Flops / microseconds / 1e3, 1),
                Text(share.Bytes / microseconds / 1e3, 1));
        }

        return table;
    }

    /// <summary>The kernels that made denormal numbers.</summary>
    private static (string Title, ResultTable Table) DenormalsOf(ReferenceWork work, StepTiming timing)
    {
        var table = new ResultTable("kernel", "denormals");
        foreach (WorkShare share in timing.Shares.Where(s => s.Denormals > 0).OrderByDescending(s => s.Denormals))
            table.Add(share.Name, Text(share.Denormals, 0));
        long total = timing.Shares.Sum(s => s.Denormals);
        return ($"{work.Name}: {total} denormal numbers in {StepTiming.MeteredSteps} steps", table);
    }

    private static JsonObject Node(ReferenceWork work, StepTiming timing, double floor)
    {
        var kinds = new JsonObject();
        foreach (IGrouping<string, WorkShare> kind in timing.Shares.GroupBy(s => s.Kind))
            kinds[kind.Key] = Math.Round(kind.Sum(s => s.Time.TotalMicroseconds), 2);
        var kernels = new JsonArray();
        foreach (WorkShare share in timing.Shares)
        {
            kernels.Add((JsonNode)new JsonObject
            {
                ["kind"] = share.Kind, ["name"] = share.Name, ["calls"] = share.Calls,
                ["microseconds"] = Math.Round(share.Time.TotalMicroseconds, 2),
                ["fastest_call_microseconds"] = Math.Round(share.Fastest.TotalMicroseconds, 2), ["flops"] = share.Flops,
                ["bytes"] = share.Bytes, ["denormals"] = share.Denormals,
            });
        }

        return new JsonObject
        {
            ["batch"] = work.Batch, ["milliseconds"] = timing.Milliseconds, ["steps"] = timing.Steps,
            ["images_per_second"] = work.Batch / timing.Milliseconds * 1e3,
            ["gflops"] = timing.ProductFlops / timing.Milliseconds / 1e6, ["product_flops"] = timing.ProductFlops,
            ["floor_milliseconds"] = floor,
            ["over_floor"] = timing.Milliseconds / floor, ["allocated_bytes"] = timing.AllocatedBytes,
            ["microseconds_by_kind"] = kinds, ["kernels"] = kernels,
        };
    }

    private static string Text(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);
}
