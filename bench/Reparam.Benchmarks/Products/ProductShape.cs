namespace Reparam.Benchmarks.Products;

/// <summary>A product op(a) op(b) of [M,K] and [K,N]. The form nt, nn or tn says which operand is transposed.</summary>
internal readonly record struct ProductShape(string Form, int M, int N, int K)
{
    public bool TransposeA => Form[0] == 't';

    public bool TransposeB => Form[1] == 't';

    public double Flops => 2.0 * M * N * K;

    /// <summary>The products in training and using VAEs. For each layer [batch, in, out] these are the forward product
    /// (nt), the gradient with respect to the input (nn) and the gradient with respect to the weight (tn). Latents have
    /// 2 to 128 dimensions, batches 1 to 1000 data points.</summary>
    public static IReadOnlyList<ProductShape> Grid { get; } =
    [
        // 784-400-20, batch 128
        .. Layer(128, 784, 400, first: true), .. Layer(128, 400, 40), .. Layer(128, 20, 400), .. Layer(128, 400, 784),
        // 784-500-20 and 784-500-2, batch 100
        .. Layer(100, 784, 500, first: true), .. Layer(100, 20, 500), .. Layer(100, 500, 4), .. Layer(100, 2, 500),
        // 784-512-512-128, batch 128
        .. Layer(128, 512, 512), .. Layer(128, 512, 256), .. Layer(128, 128, 512),
        // importance-weighted 784-200-200-50, batch 20 and 20 x 50
        .. Layer(20, 784, 200, first: true), .. Layer(20, 200, 200), .. Layer(20, 200, 100), .. Layer(1000, 50, 200),
        .. Layer(1000, 200, 200), .. Layer(1000, 200, 784),
        // one data point, a few, many
        new("nt", 1, 400, 784), new("nt", 1, 784, 400), new("nt", 10, 400, 784), new("nt", 10, 20, 400),
        new("nt", 512, 400, 784), new("nt", 512, 64, 400), new("nn", 512, 400, 64),
    ];

    public override string ToString() => $"{Form} {M}x{N}x{K}";

    private static IEnumerable<ProductShape> Layer(int batch, int inputs, int outputs, bool first = false)
    {
        yield return new("nt", batch, outputs, inputs);
        if (!first) yield return new("nn", batch, inputs, outputs);
        yield return new("tn", outputs, inputs, batch);
    }
}
