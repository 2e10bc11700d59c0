using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Testing.Host;

/// <summary>
/// The program that tests run in a process of its own. It prints the vector width in use and hashes, so that a test can
/// compare processes of different widths: <c>kernels THREADS</c> of the outputs of all kernels and of operations made
/// of several, <c>platform THREADS</c> of the same and of small models (<see cref="Platform"/>), <c>training BITS</c>
/// of trained models, which is refused where the vectors are not of that width. <c>checkpoints FOLDER</c> writes
/// checkpoints. With <c>flush</c> before them, denormal numbers are 0 from the start (<see cref="FlushToZero"/>).
/// </summary>
public static class Program
{
    /// <summary>What another platform must compute to the bit, a line HASH NAME each: kernels, operations,
    /// models.</summary>
    public static IEnumerable<string> Platform() => KernelFingerprint.Compute().Concat(OperationFingerprint.Compute())
        .Concat(ModelFingerprint.Compute()).Select(line => $"{line.Hash} {line.Name}");

    public static int Main(string[] args)
    {
        if (args is ["flush", ..])
        {
            FlushToZero.Set();
            args = args[1..];
        }

        Console.WriteLine($"{Execution.VectorBits} {Execution.HasFma}");
        switch (args)
        {
            case ["kernels", var threads]:
                Execution.Threads = int.Parse(threads, CultureInfo.InvariantCulture);
                foreach (var (name, hash) in KernelFingerprint.Compute().Concat(OperationFingerprint.Compute()))
                    Console.WriteLine($"{hash} {name}");
                return 0;
            case ["platform", var threads]:
                Execution.Threads = int.Parse(threads, CultureInfo.InvariantCulture);
                foreach (string line in Platform()) Console.WriteLine(line);
                return 0;
            case ["training", var bits]:
                if (Execution.VectorBits != int.Parse(bits, CultureInfo.InvariantCulture))
                {
                    Console.Error.WriteLine($"These are vectors of {Execution.VectorBits} bits, not of {bits}.");
                    return 3;
                }

                foreach (string line in TrainingMatrix.Compute()) Console.WriteLine(line);
                return 0;
            case ["checkpoints", var folder]:
                CheckpointWriter.Write(folder);
                return 0;
            default:
                Console.Error.WriteLine(
                    "[flush] kernels THREADS | platform THREADS | training BITS | checkpoints FOLDER");
                return 2;
        }
    }
}
