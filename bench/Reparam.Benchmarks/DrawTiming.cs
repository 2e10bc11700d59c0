using System.Diagnostics;
using System.Globalization;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Benchmarks;

/// <summary>Nanoseconds per draw in Float64. The normal distribution is there for comparison. Most families draw by
/// their quantile function.</summary>
internal static class DrawTiming
{
    private const int Draws = 100_000, Rounds = 6;

    public static int Run(string[] args)
    {
        Execution.Threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Execution.Threads} threads, " +
            $"{Execution.VectorBits} bits; nanoseconds per draw, minimum of {Rounds} rounds of {Draws:N0} draws"));
        foreach ((string name, Distribution distribution) in Families())
            Console.WriteLine(FormattableString.Invariant($"{name,-36}{Least(distribution),8:F0}"));
        return 0;
    }

    private static IEnumerable<(string Name, Distribution Distribution)> Families()
    {
        yield return ("Normal(0, 3)", new Normal(Of(0), Of(3)));
        yield return ("Gamma(2.5, 1.5)", new Gamma(Of(2.5), Of(1.5)));
        yield return ("Gamma(50, 1.5)", new Gamma(Of(50), Of(1.5)));
        yield return ("Beta(2.5, 1.5)", new Beta(Of(2.5), Of(1.5)));
        yield return ("StudentT(9)", new StudentT(Of(9), Of(0), Of(1)));
        yield return ("FisherSnedecor(6, 18)", new FisherSnedecor(Of(6), Of(18)));
        yield return ("VonMises(0, 3)", new VonMises(Of(0), Of(3)));
        yield return ("VonMisesFisher(3), 3 dimensions", new VonMisesFisher(Direction(3), Of(3)));
        yield return ("VonMisesFisher(3), 40 dimensions", new VonMisesFisher(Direction(40), Of(3)));
    }

    private static double Least(Distribution distribution)
    {
        double least = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            using var scope = new TensorScope();
            long started = Stopwatch.GetTimestamp();
            distribution.Sample(new Rng(3), [Draws]);
            least = Math.Min(least, Stopwatch.GetElapsedTime(started).TotalNanoseconds / Draws);
        }

        return least;
    }

    private static Tensor Of(double value) => Tensor.Scalar(value, DType.Float64);

    private static Tensor Direction(int dimensions) => Tensor.From([1.0, .. new double[dimensions - 1]], [dimensions]);
}
