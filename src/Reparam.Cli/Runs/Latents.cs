using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>Encodes and decodes data sets of any size, in batches.</summary>
internal static class Latents
{
    // The denoiser of a diffusion is a deep network, so fewer rows are computed at once.
    private const int RowsAtOnce = 250, NoisyRowsAtOnce = 64;

    /// <summary>Posterior means [N, Z], or draws from q(z|x) if a random stream is given.</summary>
    public static Tensor Encode(LatentVariableModel model, Dataset data, Rng? draws = null)
    {
        var rng = new Rng(0); // unused, because the data are already binarised
        var reader = new BatchReader(data, Binarization.None, rng, model.DType);
        return InBatches(model, data.Count, (start, count) =>
        {
            Tensor x = reader.Read(start, count, rng);
            Tensor? context = reader.Context(start, count, model.Context);
            return draws is null ? model.Encode(x, context) : model.Encode(x, draws.At(0, start), context);
        });
    }

    /// <summary>Posterior means [N, Z] for Euclidean distances. On a sphere the means of q(z|x) lie inside the sphere,
    /// so they are scaled to length 1.</summary>
    public static Tensor Points(LatentVariableModel model, Dataset data)
    {
        Tensor codes = Encode(model, data);
        return model.Space == LatentSpace.Spherical
            ? codes / (codes.Square().Sum(1, keepAxis: true) + 1e-30).Sqrt() : codes;
    }

    /// <summary>Decoder means [N] + event, or draws from p(x|z) if a random stream is given.</summary>
    /// <param name="model">The model.</param>
    /// <param name="z">Latent vectors [N, Z].</param>
    /// <param name="context">One-hot labels [N, C] of a conditional model.</param>
    /// <param name="draws">The random stream of the draws; null for means.</param>
    public static Tensor Decode(LatentVariableModel model, Tensor z, Tensor? context, Rng? draws = null) =>
        InBatches(model, z.Shape[0], (start, count) =>
    {
        Distribution x = model.Likelihood(z.Slice(0, start, count), context?.Slice(0, start, count));
        return draws is null ? x.Mean : x.Sample(draws.At(0, start));
    });

    /// <summary>The one-hot labels of a data set for a conditional model; null for another model.</summary>
    public static Tensor? Labels(LatentVariableModel model, Dataset data) =>
        new BatchReader(data, Binarization.None, new Rng(0), model.DType).Context(0, data.Count, model.Context);

    /// <summary>The number of classes that can be requested from a model: those on which it is conditioned, or those
    /// that it infers in addition to its latents.</summary>
    public static int Classes(LatentVariableModel model) => Math.Max(model.Context, model.Classes);

    /// <summary>
    /// Decoded draws of the prior. A model with classes generates the class that was requested. If no class was
    /// requested, each draw is decoded once for each class, one after the other: a row has one draw, a column has one
    /// class.
    /// </summary>
    public static Tensor Sample(LatentVariableModel model, int count, Rng rng, int? asked = null, Rng? draws = null)
    {
        int classes = Classes(model);
        Rng further = rng.Split("generated");
        if (classes == 0) return Generate(model, model.SamplePrior(count, rng), null, further, draws);
        Tensor z, hot;
        if (asked is { } chosen)
        {
            z = model.SamplePrior(count, rng);
            hot = Tensor.Full([count], chosen, model.DType).OneHot(classes);
        }
        else
        {
            int styles = (count + classes - 1) / classes;
            z = model.SamplePrior(styles, rng);
            int size = z.Shape[1];
            z = z.Reshape([styles, 1, size]).BroadcastTo([styles, classes, size]).Reshape(
                [styles * classes, size]).Slice(0, 0, count);
            hot = Tensor.Eye(classes, model.DType).BroadcastTo([styles, classes, classes]).Reshape(
                [styles * classes, classes]).Slice(0, 0, count);
        }

        return model.Context > 0 ? Generate(model, z, hot, further, draws) : OfClasses(model, z, hot, draws);
    }

    /// <summary>New data from draws z of the prior. A model may draw more than z from the stream
    /// <paramref name="further"/>.</summary>
    private static Tensor Generate(
        LatentVariableModel model, Tensor z, Tensor? context, Rng further, Rng? draws) =>
        InBatches(model, z.Shape[0], (start, count) =>
    {
        Distribution x = model.Generated(
            z.Slice(0, start, count), further.At(0, start), context?.Slice(0, start, count));
        return draws is null ? x.Mean : x.Sample(draws.At(0, start));
    });

    /// <summary>Decodes codes [N, Z] with the classes of one-hot rows [N, C]. Where the model infers the class, the
    /// class is the first part of a code, and the given class replaces it.</summary>
    public static Tensor OfClasses(LatentVariableModel model, Tensor z, Tensor hot, Rng? draws = null) =>
        model.Context > 0 ? Decode(model, z, hot, draws)
            : Decode(model, Tensor.Concat(^1, hot, z.Slice(1, hot.Shape[1], z.Shape[1] - hot.Shape[1])), null, draws);

    /// <summary>The values of the data, [N] + event.</summary>
    public static Tensor Data(Dataset data)
    {
        float[] values = new float[checked(data.Count * data.EventShape.Size)];
        data.CopyValues(0, data.Count, values);
        return Tensor.From(values, [data.Count, .. data.EventShape]);
    }

    /// <summary>One row of [N, Z] as a vector [Z].</summary>
    public static Tensor Row(Tensor rows, int index) => rows.Slice(0, index, 1).Reshape([rows.Shape[1]]);

    private static Tensor InBatches(LatentVariableModel model, int count, Func<int, int, Tensor> work)
    {
        int rows = model.DrawsAllLatents ? RowsAtOnce : NoisyRowsAtOnce;
        float[]? all = null;
        Shape shape = default;
        for (int start = 0; start < count; start += rows)
        {
            using var scope = new TensorScope();
            int now = Math.Min(rows, count - start);
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
