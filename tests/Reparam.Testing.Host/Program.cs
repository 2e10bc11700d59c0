using Reparam.Tensors;

namespace Reparam.Testing.Host;

/// <summary>Prints the vector width in use and a hash of the outputs of all kernels, so that a test can compare processes that
/// run at different widths. An argument sets the number of threads.</summary>
public static class Program
{
    public static int Main(string[] args)
    {
        if (args.Length > 0) Execution.Threads = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
        Console.WriteLine($"{Execution.VectorBits} {Execution.HasFma}");
        foreach ((string name, string hash) in KernelFingerprint.Compute()) Console.WriteLine($"{hash} {name}");
        return 0;
    }
}
