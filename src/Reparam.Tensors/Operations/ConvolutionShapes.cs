using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>Checks the shapes and parameters of a convolution and computes the extents of its result, before anything
/// is allocated.</summary>
internal static class ConvolutionShapes
{
    /// <summary>The largest padded extent. With this bound no offset within a row of an image can overflow.</summary>
    private const int MaxReach = 1 << 24;

    /// <summary>The plan of Conv2d: x is the image, weight [out, C / groups, kh, kw].</summary>
    public static ConvolutionPlan Forward(
        Shape x, Shape weight, Shape? bias, Extent2d stride, Extent2d padding, Extent2d dilation, int groups)
    {
        string what = $"Conv2d of x {x}, weight {weight}, bias {bias?.ToString() ?? "none"}, stride {stride}, " +
            $"padding {padding}, dilation {dilation}, groups {groups}";
        Require(what, x, weight, stride, padding, dilation, groups);
        if (x[1] != (long)weight[1] * groups)
            Fail(what, $"the weight is for {(long)weight[1] * groups} channels but x has {x[1]}");
        if (weight[0] % groups != 0) Fail(what, $"{weight[0]} output channels cannot be divided into {groups} groups");
        if (bias is { } b && b != [weight[0]]) Fail(what, $"the bias must have shape [{weight[0]}]");
        int rows = Positions(what, x[2], weight[2], stride.Height, padding.Height, dilation.Height);
        int columns = Positions(what, x[3], weight[3], stride.Width, padding.Width, dilation.Width);
        return new ConvolutionPlan(
            x[0], x[1], (x[2], x[3]), weight[0], (rows, columns), (weight[2], weight[3]),
            Effective(stride, (rows, columns)), padding, dilation, groups);
    }

    /// <summary>The plan of ConvTranspose2d: that of the convolution whose features are x and whose image is the
    /// result, with weight [C, out / groups, kh, kw].</summary>
    public static ConvolutionPlan Transposed(
        Shape x, Shape weight, Shape? bias, Extent2d stride, Extent2d padding, Extent2d outputPadding,
        Extent2d dilation, int groups)
    {
        string what = $"ConvTranspose2d of x {x}, weight {weight}, bias {bias?.ToString() ?? "none"}, stride " +
            $"{stride}, padding {padding}, "
            + $"output padding {outputPadding}, dilation {dilation}, groups {groups}";
        Require(what, x, weight, stride, padding, dilation, groups);
        if (x[1] != weight[0]) Fail(what, $"the weight is for {weight[0]} channels but x has {x[1]}");
        if (x[1] % groups != 0) Fail(what, $"{x[1]} channels cannot be divided into {groups} groups");
        long channels = (long)weight[1] * groups;
        if (channels > int.MaxValue) Fail(what, $"the result would have {channels} channels, more than {int.MaxValue}");
        if (bias is { } b && b != [(int)channels]) Fail(what, $"the bias must have shape [{channels}]");
        int height = Extent(
            what, x[2], weight[2], stride.Height, padding.Height, outputPadding.Height, dilation.Height);
        int width = Extent(what, x[3], weight[3], stride.Width, padding.Width, outputPadding.Width, dilation.Width);
        return new ConvolutionPlan(
            x[0], (int)channels, (height, width), x[1], (x[2], x[3]), (weight[2], weight[3]),
            Effective(stride, (x[2], x[3])), padding, dilation, groups);
    }

    private static void Require(
        string what, Shape x, Shape weight, Extent2d stride, Extent2d padding, Extent2d dilation, int groups)
    {
        if (x.Rank != 4 || weight.Rank != 4)
            Fail(what, "x must be [batch, channels, height, width], and the weight must have four axes");
        if (x[1..].AsSpan().Contains(0) || weight.AsSpan().Contains(0)) Fail(what, "only the batch may have extent 0");
        if (groups < 1) Fail(what, "groups must be at least 1");
        if (stride.Height < 1 || stride.Width < 1 || dilation.Height < 1 || dilation.Width < 1)
            Fail(what, "stride and dilation must be at least 1");
        if (padding.Height < 0 || padding.Width < 0) Fail(what, "padding cannot be negative");
    }

    /// <summary>The number of positions of a kernel along one axis of a padded image.</summary>
    private static int Positions(string what, int extent, int kernel, int stride, int padding, int dilation)
    {
        long padded = extent + 2L * padding, reach = (kernel - 1L) * dilation + 1;
        if (padded > MaxReach) Fail(what, $"the padded image has an extent of {padded}, more than {MaxReach}");
        if (reach > padded) Fail(what, $"the kernel covers {reach} pixels but the padded image has only {padded}");
        return (int)((padded - reach) / stride + 1);
    }

    /// <summary>The extent, along one axis, of the image that a transposed convolution makes.</summary>
    private static int Extent(
        string what, int extent, int kernel, int stride, int padding, int outputPadding, int dilation)
    {
        if (outputPadding < 0 || outputPadding >= Math.Max(stride, dilation))
            Fail(what, "the output padding must be less than the stride or the dilation");
        // Each product is below 2^62.
        decimal padded = (extent - 1L) * stride + (decimal)((kernel - 1L) * dilation) + outputPadding + 1;
        if (padded > MaxReach)
            Fail(what, $"the result before cropping has an extent of {padded}, more than {MaxReach}");
        if (padded - 2L * padding < 1) Fail(what, $"the padding removes all {padded} pixels of the result");
        return (int)(padded - 2L * padding);
    }

    /// <summary>Along an axis with one position the stride is not used, so it is replaced.</summary>
    private static Extent2d Effective(Extent2d stride, Extent2d grid) =>
        (grid.Height == 1 ? 1 : stride.Height, grid.Width == 1 ? 1 : stride.Width);

    private static void Fail(string what, string why) => throw new ArgumentException($"{what}: {why}.");
}
