using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A datum as an image of channels, height and width: [height, width] is one of a single channel, [channels, height,
/// width] is as it says. Networks that halve an image n times need both extents to be multiples of 2^n.
/// </summary>
/// <param name="Channels">Number of channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Why data of this shape are no images that can be halved so many times, in a sentence that says what
    /// would do; null where they are.</summary>
    public static string? Problem(Shape eventShape, int halvings)
    {
        if (eventShape.Rank is not (2 or 3))
        {
            return $"Data of shape {eventShape} are no images: a convolutional model takes [height, width] or " +
                "[channels, height, width].";
        }

        if (eventShape.Size == 0) return $"Images of shape {eventShape} have no pixels.";
        string order = eventShape.Rank == 3 && eventShape[2] is 1 or 3 or 4 && eventShape[0] > 4
            && eventShape[1] != eventShape[2]
            ? $" Channels come first: [{eventShape[2]}, {eventShape[0]}, {eventShape[1]}], not {eventShape}."
            : "";
        long multiple = halvings > 30 ? long.MaxValue : 1L << halvings;
        if (eventShape[^2] % multiple == 0 && eventShape[^1] % multiple == 0 && order.Length == 0) return null;
        if (order.Length > 0) return $"Images of shape {eventShape} do not fit.{order}";
        int most = Math.Min(Halvings(eventShape[^2]), Halvings(eventShape[^1]));
        string remedy = most > 0
            ? $"give at most {most} channel count{(most == 1 ? "" : "s")}, one for each halving, or pad or crop the " +
                $"images to multiples of {multiple}"
            : $"pad or crop the images to multiples of {multiple}, or use an mlp, which takes any shape";
        return $"Images of {eventShape[^2]} x {eventShape[^1]} pixels cannot be halved {halvings} times without a " +
            $"rest: {remedy}.";
    }

    /// <summary>Reads the shape of a datum as an image that can be halved so many times.</summary>
    /// <exception cref="ArgumentException">It is none, or an extent is no multiple of 2^halvings.</exception>
    public static ImageShape Of(Shape eventShape, int halvings)
    {
        if (Problem(eventShape, halvings) is { } problem) throw new ArgumentException(problem, nameof(eventShape));
        return new ImageShape(eventShape.Rank == 3 ? eventShape[0] : 1, eventShape[^2], eventShape[^1]);
    }

    /// <summary>The shape of images that a context of so many numbers has been joined to, a constant channel for each;
    /// what is no image stays as it is, to be refused as such.</summary>
    public static Shape WithPlanes(Shape eventShape, int context) =>
        context == 0 || eventShape.Rank is not (2 or 3) ? eventShape
            : [(eventShape.Rank == 3 ? eventShape[0] : 1) + context, .. eventShape[^2..]];

    /// <summary>How often an extent can be halved without a rest.</summary>
    public static int Halvings(int extent) => extent == 0 ? 0 : System.Numerics.BitOperations.TrailingZeroCount(extent);
}
