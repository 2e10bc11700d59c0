using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A datum as an image with channels, height and width. Its shape is [height, width] for a single channel, or
/// [channels, height, width]. A network that halves an image n times needs a height and a width that are multiples of
/// 2^n.
/// </summary>
/// <param name="Channels">Number of channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>The reason why data of this shape are not images that can be halved <paramref name="halvings"/> times,
    /// with advice; null if they are.</summary>
    public static string? Problem(Shape eventShape, int halvings)
    {
        if (eventShape.Rank is not (2 or 3))
        {
            return $"Data of shape {eventShape} are not images: a convolutional model needs data of shape [height, " +
                "width] or [channels, height, width].";
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
            $"remainder: {remedy}.";
    }

    /// <summary>Reads the shape of a datum as the shape of an image that can be halved <paramref name="halvings"/>
    /// times.</summary>
    /// <exception cref="ArgumentException">The shape is not the shape of an image, or the height or width is not a
    /// multiple of 2^halvings.</exception>
    public static ImageShape Of(Shape eventShape, int halvings)
    {
        if (Problem(eventShape, halvings) is { } problem) throw new ArgumentException(problem, nameof(eventShape));
        return new ImageShape(eventShape.Rank == 3 ? eventShape[0] : 1, eventShape[^2], eventShape[^1]);
    }

    /// <summary>The shape of images after a context of length <paramref name="context"/> is joined to them, one
    /// constant channel for each number. A shape that is not an image is returned unchanged; <see cref="Of"/> refuses
    /// it later.</summary>
    public static Shape WithPlanes(Shape eventShape, int context) =>
        context == 0 || eventShape.Rank is not (2 or 3) ? eventShape
            : [(eventShape.Rank == 3 ? eventShape[0] : 1) + context, .. eventShape[^2..]];

    /// <summary>How often an extent can be halved without a remainder.</summary>
    public static int Halvings(int extent) => extent == 0 ? 0 : System.Numerics.BitOperations.TrailingZeroCount(extent);
}
