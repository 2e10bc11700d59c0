using Reparam.Tensors;

namespace Reparam.Testing.Host;

/// <summary>SHA-256 of the values and the gradients of operations that are made of several kernels.</summary>
public static class OperationFingerprint
{
    private static readonly (string Name, Func<Tensor, Tensor> Function)[] s_operations =
    [
        ("Pow 2.5", x => x.Abs().Pow(2.5)), ("Pow -3", x => x.Pow(-3)), ("Pow of a tensor", x => x.Abs().Pow(x)),
        ("Max 0", x => x.Max(0)), ("Max 1", x => x.Max(1)), ("Max", x => x.Max()), ("Min 0", x => x.Min(0)),
        ("Min 1", x => x.Min(1, keepAxis: true)), ("Stack", x => Tensor.Stack(^1, x, -x)), ("Part", x => x[3..^2, 1..]),
        ("CumSum 0", x => x.CumSum(0)), ("CumSum 1", x => x.CumSum(1)), ("LogSigmoid", x => x.LogSigmoid()),
        ("Gather", x => x.Gather(1, x.ArgMax(1).Reshape([61, 1]).BroadcastTo([61, 1037]))),
        ("IndexSelect", x => x.IndexSelect(0, 3, 60, 3, 3, 0)), ("Variance 0", x => x.Variance(0)),
        ("Variance 1", x => x.Variance(1, unbiased: false)),
    ];

    /// <summary>A name and a hash for every operation and element type.</summary>
    public static IReadOnlyList<(string Name, string Hash)> Compute()
    {
        List<(string, string)> hashes = [];
        foreach (DType type in Enum.GetValues<DType>())
        {
            foreach (var (name, function) in s_operations)
            {
                using var tape = new GradientTape();
                Tensor x = new Rng(17).Normal([61, 1037], type), y = function(x);
                Gradients gradients = tape.Gradients((y * new Rng(18).Normal(y.Shape, type)).Sum(), [x]);
                string values = KernelFingerprint.Hash(y.Keep().Buffer);
                hashes.Add(($"{type} {name}", values[..16] + KernelFingerprint.Hash(gradients[0].Keep().Buffer)[..16]));
            }
        }

        return hashes;
    }
}
