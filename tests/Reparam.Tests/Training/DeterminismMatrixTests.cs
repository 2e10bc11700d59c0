using System.Globalization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Testing.Host;

namespace Reparam.Tests.Training;

/// <summary>
/// Same seed, same bits: {1, 2, 3, 8} threads x {512, 256, 128 bits, and a process that flushes denormal numbers to
/// zero} x {straight through, resumed at each of several steps}, for a perceptron, a convolutional and an
/// importance-weighted model. Each child process refuses to run where its vectors are not of the width it is asked for.
/// </summary>
public sealed class DeterminismMatrixTests(ITestOutputHelper output)
{
    [Fact]
    public void Threads_vector_widths_and_resumes_end_in_one_hash_for_each_model()
    {
        // What the machine has, then what is left of it with instructions switched off.
        List<(int Bits, string[] Arguments, string[] Environment)> levels = [(Execution.VectorBits, [], [])];
        if (Execution.VectorBits > 256) levels.Add((256, [], ["DOTNET_EnableAVX512=0"]));
        if (Execution.VectorBits > 128) levels.Add((128, [], ["DOTNET_EnableAVX2=0"]));
        // A host may have set this mode before the runtime started. No step computes with denormal numbers, so the bits
        // are the same.
        if (FlushToZero.IsSupported) levels.Add((Execution.VectorBits, ["flush"], []));
        var hashes = new Dictionary<string, HashSet<string>>();
        int cells = 0;
        foreach ((int bits, string[] arguments, string[] environment) in levels)
        {
            string[] lines = TestingHost.Run(typeof(TrainingMatrix).Assembly.Location,
                [.. arguments, "training", bits.ToString(CultureInfo.InvariantCulture)], environment);
            Assert.StartsWith($"{bits} ", lines[0], StringComparison.Ordinal);
            foreach (string line in lines[1..])
            {
                output.WriteLine($"{bits} bits {line}");
                string[] words = line.Split(' ');
                if (!hashes.TryGetValue(words[0], out HashSet<string>? set)) hashes.Add(words[0], set = []);
                set.Add(words[^1]);
                cells++;
            }
        }

        Assert.Equal(levels.Count * 4 * 4 * 5, cells);
        Assert.Equal(4, hashes.Count);
        Assert.All(hashes, model => Assert.Single(model.Value));
    }
}
