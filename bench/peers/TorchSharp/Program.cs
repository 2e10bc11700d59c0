using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Reparam.Peers;
using Reparam.Testing.Host;
using TorchSharp;

// The reference training steps of `reparam bench` in TorchSharp, by the same names.
//
// Usage: TorchSharpSteps THREADS SECONDS [flush] WORK...
// "flush" sets the processor's mode flush-to-zero before libtorch starts its threads. Prints one line of JSON:
// {"mlp-400-20": milliseconds, ...}, medians over the second half of the time. bench/compare.py runs it.
string[] works = args[2..];
if (works is ["flush", ..])
{
    FlushToZero.Set();
    works = works[1..];
}

torch.set_num_threads(int.Parse(args[0], CultureInfo.InvariantCulture));
double seconds = double.Parse(args[1], CultureInfo.InvariantCulture);
Dictionary<string, double> milliseconds = [];
foreach (string work in works) 
{
    IStep step = work is "resnet-32" or "unet-28" or "dit-28" ? new DeepStep(work) : new ReferenceStep(work);
    milliseconds[work] = Median(step, seconds);
}

Console.WriteLine(JsonSerializer.Serialize(milliseconds));

static double Median(IStep step, double seconds)
{
    List<double> times = [];
    long began = Stopwatch.GetTimestamp();
    while (times.Count < 10 || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
    {
        long started = Stopwatch.GetTimestamp();
        step.Take();
        times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    double[] steady = [.. times.Skip(times.Count / 2).Order()];
    return steady[steady.Length / 2];
}
