using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class CodebookUsageTests
{
    private static readonly double[] s_vectors = [0.2, 0.9, 2.1, 3, 3.9];

    /// <summary>A model whose code at a place is the one nearest to the upper left of its four pixels.</summary>
    private static VqVae Make()
    {
        var model = new VqVae([4, 4], codes: 5, size: 1, [1], Likelihood.Gaussian(1), new Rng(1), dtype: DType.Float64);
        foreach (Parameter parameter in model.Parameters.Where(p => p.Name.StartsWith(
            "encoder.", StringComparison.Ordinal) || p.Name.StartsWith("to_codes.", StringComparison.Ordinal)))
        {
            double[] values = new double[parameter.Shape.Size];
            // Kernels of 4 begin one pixel outside of the image.
            if (parameter.Name == "encoder.0.weight") values[5] = 1;
            if (parameter.Name == "to_codes.weight") values[0] = 1;
            parameter.Assign(Tensor.From(values, parameter.Shape));
        }

        model.Codebook.Buffers[0].Assign(Tensor.From(s_vectors, [5, 1]));
        model.SetMode(ModuleMode.Evaluation);
        return model;
    }

    [Theory]
    [InlineData("600,300,0,300,0", 3, 2.8284271247461903)] // 2^(1/2 + 1/2 + 1/2)
    [InlineData("0,0,40,0,0", 1, 1)]
    [InlineData("8,8,8,8,8", 5, 5)]
    [InlineData("0,1500,0,0,4", 2, 1.0185970288)] // p = 4/1504: exp(-p log p - (1 - p) log(1 - p))
    public void Perplexity_is_that_of_the_choices_over_all_places_of_all_data(
        string choices, int used, double perplexity)
    {
        int[] codes = [.. choices.Split(',').SelectMany(
            (n, code) => Enumerable.Repeat(code, int.Parse(n, System.Globalization.CultureInfo.InvariantCulture)))];
        // Four places a datum; the other pixels are of no code. Some of these sets are of more data than are read at
        // once.
        float[] images = new float[codes.Length / 4 * 16];
        Array.Fill(images, 7);
        for (int i = 0; i < codes.Length; i++) images[i / 4 * 16 + i % 4 / 2 * 8 + i % 2 * 2] = codes[i];
        VqVae model = Make();
        CodebookUsage usage = CodebookUsage.Evaluate(model, Dataset.FromValues("images", [4, 4], images));
        Assert.Equal((5, used), (usage.Codes, usage.Used));
        Close.Require(perplexity, usage.Perplexity, 1e-7);
        model.SetMode(ModuleMode.Training);
        Assert.Throws<InvalidOperationException>(
            () => CodebookUsage.Evaluate(model, Dataset.FromValues("images", [4, 4], images)));
    }
}
