using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>Encodes and decodes sets of any size, a batch at a time.</summary>
internal static class Latents
{
    private const int RowsAtOnce = 250;

    /// <summary>Posterior means [N, Z], or draws from q(z|x) where a stream is given.</summary>
    public static Tensor Encode(Vae model, Dataset data, Rng? draws = null)
    {
        var rng = new Rng(0); // unused: the set is binarised already
        var reader = new BatchReader(data, Binarization.None, rng, model.DType);
        return InBatches(data.Count, (start, count) =>
        {
            Tensor x = reader.Read(start, count, rng);
            return draws is null ? model.Encode(x) : model.Encode(x, draws.At(0, start));
        });
    }

    /// <summary>Decoder means [N] + event, or draws from p(x|z) where a stream is given.</summary>
    public static Tensor Decode(Vae model, Tensor z, Rng? draws = null) => InBatches(z.Shape[0], (start, count) =>
    {
        Distribution x = model.Decoder.Given(z.Slice(0, start, count));
        return draws is null ? x.Mean : x.Sample(draws.At(0, start));
    });

    /// <summary>The data as the model sees them, [N] + event.</summary>
    public static Tensor Data(Dataset data)
    {
        float[] values = new float[checked(data.Count * data.EventShape.Size)];
        data.CopyValues(0, data.Count, values);
        return Tensor.From(values, [data.Count, .. data.EventShape]);
    }

    /// <summary>One row of [N, Z] as a vector [Z].</summary>
    public static Tensor Row(Tensor rows, int index) => rows.Slice(0, index, 1).Reshape([rows.Shape[1]]);

    private static Tensor InBatches(int count, Func<int, int, Tensor> work)
    {
        float[]? all = null;
        Shape shape = default;
        for (int start = 0; start < count; start += RowsAtOnce)
        {
            using var scope = new TensorScope();
            int now = Math.Min(RowsAtOnce, count - start);
            Tensor part = work(start, now);
            if (all is null)
            {
                shape = [count, .. part.Shape[1..]];
                all = new float[shape.Size];
            }

            part.AsSpan<float>().CopyTo(all.AsSpan(start * (all.Length / count)));
        }

        return Tensor.From(all, shape);
    }
}
