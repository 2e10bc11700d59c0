using Reparam.Cli.Commands;
using Reparam.Configuration;
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
    public static Tensor Encode(LatentVariableModel model, Dataset data, Rng? draws = null)
    {
        var rng = new Rng(0); // unused: the set is binarised already
        var reader = new BatchReader(data, Binarization.None, rng, model.DType);
        return InBatches(data.Count, (start, count) =>
        {
            Tensor x = reader.Read(start, count, rng);
            Tensor? context = reader.Context(start, count, model.Context);
            return draws is null ? model.Encode(x, context) : model.Encode(x, draws.At(0, start), context);
        });
    }

    /// <summary>Posterior means [N, Z] between which Euclidean distances mean something: on a sphere they are brought
    /// back to its surface, which the mean of q(z|x) is below.</summary>
    public static Tensor Points(LatentVariableModel model, Dataset data)
    {
        Tensor codes = Encode(model, data);
        return model.Space == LatentSpace.Spherical
            ? codes / (codes.Square().Sum(1, keepAxis: true) + 1e-30).Sqrt() : codes;
    }

    /// <summary>Decoder means [N] + event, or draws from p(x|z) where a stream is given.</summary>
    /// <param name="model">The model.</param>
    /// <param name="z">Latent vectors [N, Z].</param>
    /// <param name="context">One-hot labels [N, C] of a conditional model.</param>
    /// <param name="draws">The noise of draws.</param>
    public static Tensor Decode(LatentVariableModel model, Tensor z, Tensor? context, Rng? draws = null) =>
        InBatches(z.Shape[0], (start, count) =>
    {
        Distribution x = model.Likelihood(z.Slice(0, start, count), context?.Slice(0, start, count));
        return draws is null ? x.Mean : x.Sample(draws.At(0, start));
    });

    /// <summary>The one-hot labels of a set for a conditional model, else null.</summary>
    public static Tensor? Labels(LatentVariableModel model, Dataset data) =>
        new BatchReader(data, Binarization.None, new Rng(0), model.DType).Context(0, data.Count, model.Context);

    /// <summary>One class for all of <paramref name="count"/> data of a conditional model, [count, C]; null for another
    /// model.</summary>
    /// <exception cref="InvalidConfigException">The model is conditional and no class was given, or the other way
    /// round, or it is unknown.</exception>
    public static Tensor? OneClass(LatentVariableModel model, int? given, int count)
    {
        if (model.Context == 0)
        {
            return given is null ? null : throw new InvalidConfigException(
                "--class is for a conditional model, and this run was trained without --condition labels ('reparam " +
                "sample' takes it for --model semi-supervised too).");
        }

        int chosen = RunOptions.Within("--class", given ?? throw new InvalidConfigException(
            $"The model is conditional: say the class with --class, from 0 to {model.Context - 1}."), 0,
            model.Context - 1);
        return Tensor.Full([count, 1], chosen, model.DType).OneHot(model.Context).Reshape([count, model.Context]);
    }

    /// <summary>The classes that a model may be asked for: those that it is conditional on, or infers beside its
    /// latents.</summary>
    public static int Classes(LatentVariableModel model) => Math.Max(model.Context, model.Classes);

    /// <summary>
    /// Decoded draws of the prior. Of a model with classes, of the one that was asked for; where none was, the same
    /// draw once for each class, one after the other: rows of a style, columns of a class.
    /// </summary>
    /// <exception cref="InvalidConfigException">A class was asked for that the model does not know.</exception>
    public static Tensor Sample(LatentVariableModel model, int count, Rng rng, int? asked = null, Rng? draws = null)
    {
        int classes = Classes(model);
        if (classes == 0) return Decode(model, model.SamplePrior(count, rng), OneClass(model, asked, count), draws);
        Tensor z, hot;
        if (asked is { } chosen)
        {
            z = model.SamplePrior(count, rng);
            hot = Tensor.Full([count], RunOptions.Within("--class", chosen, 0, classes - 1), model.DType)
                .OneHot(classes);
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

        return OfClasses(model, z, hot, draws);
    }

    /// <summary>Decoded codes [N, Z] of the classes that one-hot rows [N, C] say. Where the class is inferred it is the
    /// first part of a code, which what was asked replaces.</summary>
    public static Tensor OfClasses(LatentVariableModel model, Tensor z, Tensor hot, Rng? draws = null) =>
        model.Context > 0 ? Decode(model, z, hot, draws)
            : Decode(model, Tensor.Concat(^1, hot, z.Slice(1, hot.Shape[1], z.Shape[1] - hot.Shape[1])), null, draws);

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
