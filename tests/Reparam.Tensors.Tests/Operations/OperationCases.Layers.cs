namespace Reparam.Tensors.Tests.Operations;

/// <summary>What layers compute: products, convolutions, pooling, attention and normalisation.</summary>
public static partial class OperationCases
{
    private static IEnumerable<OperationCase> Products()
    {
        foreach (bool ta in (bool[])[false, true])
        {
            foreach (bool tb in (bool[])[false, true])
            {
                foreach (var (m, k, n) in (
                    (int, int, int)[])[(1, 1, 1), (2, 3, 5), (7, 5, 3), (17, 2, 33), (3, 0, 2), (0, 2, 3)])
                {
                    yield return new($"MatMul {m}x{k}x{n} {ta} {tb}", x => Tensor.MatMul(x[0], x[1], ta, tb),
                        [V(ta ? [k, m] : [m, k], seed: 5), V(tb ? [n, k] : [k, n], seed: 6)]);
                }
            }
        }

        foreach (int variant in (int[])[0, 1, 2, 3])
        {
            (bool ta, bool tb) = ((variant & 1) != 0, (variant & 2) != 0);
            foreach (var (batch, m, k, n) in ((Shape, int, int, int)[])[([], 2, 3, 5), ([3], 2, 3, 5),
                ([2, 3], 3, 1, 2), ([2], 3, 0, 2), ([0], 2, 3, 4)])
            {
                yield return new(
                    $"BatchMatMul {batch} {m}x{k}x{n} {ta} {tb}", x => Tensor.BatchMatMul(x[0], x[1], ta, tb),
                    [V(batch + (ta ? [k, m] : [m, k]), seed: 5), V(batch + (tb ? [n, k] : [k, n]), seed: 6)]);
            }
        }

        foreach (var (rows, inputs, outputs) in ((int, int, int)[])[(1, 1, 1), (3, 5, 2), (7, 17, 33), (0, 3, 2)])
        {
            yield return new($"Linear {rows} {inputs} {outputs}", x => Tensor.Linear(x[0], x[1], x[2]),
                [V([rows, inputs]), V([outputs, inputs], seed: 2), V([outputs], seed: 3)]);
            yield return new($"Linear without bias {rows} {inputs} {outputs}", x => Tensor.Linear(x[0], x[1]),
                [V([rows, inputs]), V([outputs, inputs], seed: 2)]);
        }

        foreach (Nonlinearity f in Enum.GetValues<Nonlinearity>())
        {
            yield return new($"Linear {f}", x => Tensor.Linear(x[0], x[1], x[2], f),
                [V([7, 17]), V([33, 17], seed: 2), V([33], seed: 3)]);
            yield return new($"Linear {f} of nothing", x => Tensor.Linear(x[0], x[1], x[2], f),
                [V([2, 0]), V([3, 0], seed: 2), V([3], 0.2, 1, seed: 3)]);
        }

        yield return new("Linear of rank 3", x => Tensor.Linear(x[0], x[1], x[2]),
            [V([2, 3, 5]), V([4, 5], seed: 2), V([4], seed: 3)]);
    }

    private static IEnumerable<OperationCase> Convolutions()
    {
        (Shape X, Shape Weight, Extent2d Stride, Extent2d Padding, Extent2d Dilation, int Groups)[] forward =
        [
            ([1, 1, 1, 1], [1, 1, 1, 1], 1, 0, 1, 1), ([2, 3, 5, 4], [2, 3, 3, 2], 1, 0, 1, 1),
            ([2, 2, 6, 7], [3, 2, 4, 4], 2, 1, 1, 1),
            ([1, 2, 7, 5], [2, 2, 2, 3], (1, 3), (2, 1), (2, 1), 1), ([2, 4, 4, 4], [6, 2, 3, 3], 2, 1, 1, 2),
            ([1, 3, 4, 5], [3, 1, 3, 3], 1, 1, 1, 3),
            ([0, 2, 4, 4], [3, 2, 3, 3], 1, 0, 1, 1),
        ];
        foreach (var (x, w, stride, padding, dilation, groups) in forward)
        {
            yield return new(
                $"Conv2d {x} {w} {stride} {padding} {dilation} {groups}",
                t => Tensor.Conv2d(t[0], t[1], t[2], stride, padding, dilation, groups),
                [V(x), V(w, seed: 2), V([w[0]], seed: 3)]);
        }

        (Shape X, Shape Weight, Extent2d Stride, Extent2d Padding, Extent2d OutputPadding, Extent2d Dilation,
            int Groups)[] transposed =
        [
            ([1, 1, 1, 1], [1, 1, 1, 1], 1, 0, 0, 1, 1), ([2, 3, 3, 2], [3, 2, 3, 2], 1, 0, 0, 1, 1),
            ([2, 2, 3, 4], [2, 3, 4, 4], 2, 1, 0, 1, 1),
            ([1, 2, 3, 3], [2, 2, 2, 3], (1, 3), (1, 2), (0, 2), (2, 1), 1),
            ([2, 4, 2, 2], [4, 3, 3, 3], 2, 1, 1, 1, 2), ([1, 3, 2, 3], [3, 1, 3, 3], 2, 0, 0, 1, 3),
            ([0, 2, 4, 4], [2, 3, 3, 3], 1, 0, 0, 1, 1),
        ];
        foreach (var (x, w, stride, padding, outputPadding, dilation, groups) in transposed)
        {
            yield return new(
                $"ConvTranspose2d {x} {w} {stride} {padding} {outputPadding} {dilation} {groups}",
                t => Tensor.ConvTranspose2d(t[0], t[1], t[2], stride, padding, outputPadding, dilation, groups),
                [V(x), V(w, seed: 2), V([w[1] * groups], seed: 3)]);
        }

        yield return new("Conv2d without bias", t => Tensor.Conv2d(t[0], t[1], padding: 1),
            [V([2, 1, 3, 3]), V([2, 1, 3, 3], seed: 2)]);
        yield return new("ConvTranspose2d without bias", t => Tensor.ConvTranspose2d(t[0], t[1], stride: 2),
            [V([2, 1, 3, 3]), V([1, 2, 3, 3], seed: 2)]);
    }

    private static IEnumerable<OperationCase> Images()
    {
        (Extent2d Kernel, Extent2d Stride, Extent2d Padding, int Height, int Width)[] windows =
        [
            (2, 2, 0, 4, 6), (2, 2, 0, 5, 7), (3, 2, 1, 7, 5), (3, 1, 1, 3, 4), ((1, 4), (2, 3), (0, 2), 3, 6),
            (1, 1, 0, 2, 2), (2, 3, 0, 7, 7), (4, 4, 2, 3, 9),
        ];
        foreach (var (kernel, stride, padding, height, width) in windows)
        {
            yield return new($"AvgPool2d {kernel} {stride} {padding}",
                x => Tensor.AvgPool2d(x[0], kernel, stride, padding), [V([2, 3, height, width])]);
            yield return new($"MaxPool2d {kernel} {stride} {padding}",
                x => Tensor.MaxPool2d(x[0], kernel, stride, padding), [V([2, 3, height, width])]);
        }

        yield return new("AvgPool2d of nothing", x => Tensor.AvgPool2d(x[0], 2), [V([0, 3, 4, 4])]);
        yield return new("MaxPool2d of nothing", x => Tensor.MaxPool2d(x[0], 2), [V([0, 3, 4, 4])]);
        yield return new("UpsampleNearest2d", x => Tensor.UpsampleNearest2d(x[0], 2), [V([2, 3, 3, 5])]);
        yield return new(
            "UpsampleNearest2d by two factors", x => Tensor.UpsampleNearest2d(x[0], (1, 3)), [V([1, 2, 2, 3])]);
        yield return new("UpsampleNearest2d by one", x => Tensor.UpsampleNearest2d(x[0], 1), [V([1, 2, 2, 3])]);
    }

    private static IEnumerable<OperationCase> Attention()
    {
        yield return new("ScaledDotProductAttention", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2]),
            [V([2, 5, 3]), V([2, 4, 3], seed: 2), V([2, 4, 6], seed: 3)]);
        yield return new("ScaledDotProductAttention of matrices", x => Tensor.ScaledDotProductAttention(
            x[0], x[1], x[2]), [V([1, 2]), V([7, 2], seed: 2), V([7, 1], seed: 3)]);
        yield return new("ScaledDotProductAttention of one tensor",
            x => Tensor.ScaledDotProductAttention(x[0], x[0], x[0]), [V([2, 2, 3, 4])]);
    }

    private static IEnumerable<OperationCase> Norms()
    {
        foreach (var (shape, groups) in ((Shape, int)[])[([2, 4, 3, 5], 2), ([1, 6, 7], 3), ([3, 4, 1, 1], 1),
            ([3, 6], 2), ([2, 2, 35], 2), ([0, 4, 2], 2)])
        {
            Shape channels = [shape[1]];
            yield return new($"GroupNorm {shape} {groups}", x => Tensor.GroupNorm(x[0], groups, x[1], x[2]),
                [V(shape), V(channels, 0.3, 2, 2), V(channels, seed: 3)]);
            yield return new(
                $"GroupNorm {shape} {groups} alone", x => Tensor.GroupNorm(x[0], groups, epsilon: 0.1), [V(shape)]);
            yield return new($"GroupNorm {shape} {groups} without weight",
                x => Tensor.GroupNorm(x[0], groups, bias: x[1]), [V(shape), V(channels, seed: 3)]);
        }

        foreach (int size in (int[])[2, 5, 17, 33, 67])
        {
            yield return new($"LayerNorm of {size}", x => Tensor.LayerNorm(x[0], ^1, x[1], x[2]),
                [V([3, size]), V([size], 0.3, 2, 2), V([size], seed: 3)]);
            yield return new(
                $"LayerNorm of {size} alone", x => Tensor.LayerNorm(x[0], ^1, epsilon: 0.1), [V([3, size])]);
        }

        yield return new("LayerNorm over two axes", x => Tensor.LayerNorm(x[0], 1, x[1], epsilon: 0.01),
            [V([2, 3, 5]), V([3, 5], 0.3, 2, 2)]);
        yield return new("LayerNorm over all axes", x => Tensor.LayerNorm(x[0], 0), [V([4, 3])]);
        foreach (Shape shape in (Shape[])[[3, 2, 2, 3], [5, 3], [1, 2, 7]])
        {
            Shape channels = [shape[1]];
            Tensor mean = V(channels, seed: 7), variance = V(channels, 0.2, 3, 8);
            yield return new($"BatchNorm {shape}", x => Tensor.BatchNorm(x[0], x[1], x[2]).Y,
                [V(shape), V(channels, 0.3, 2, 2), V(channels, seed: 3)]);
            yield return new($"BatchNorm {shape} alone", x => Tensor.BatchNorm(x[0]).Y, [V(shape)]);
            yield return new($"BatchNorm {shape} by given statistics", x => Tensor.BatchNorm(
                x[0], mean, variance, x[1], x[2]), [V(shape), V(channels, 0.3, 2, 2), V(channels, seed: 3)]);
            yield return new($"BatchNorm {shape} by given statistics alone",
                x => Tensor.BatchNorm(x[0], mean, variance, null, null), [V(shape)]);
        }
    }
}
