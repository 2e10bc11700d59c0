using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Rendering;

/// <summary>A PNG image that shows images in rows and columns, with a border of one pixel between them.</summary>
public sealed class ImageGrid
{
    private const byte Border = 96;

    private readonly PngImage _image;

    private ImageGrid(PngImage image) => _image = image;

    /// <summary>
    /// Lays out images in reading order: row by row, from left to right. The shape is [N, height, width], [N, channels,
    /// height, width] with one channel (grey) or three (red, green, blue), or [N, size] for square grey images. Values
    /// are in [0, 1]; other values are clipped.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="columns">The number of images in a row; 0 gives a layout that is as square as possible.</param>
    /// <param name="zoom">The edge of the square that shows one pixel, in pixels of the PNG.</param>
    /// <exception cref="ArgumentException">The shape is not a batch of images, or there are no images.</exception>
    public static ImageGrid Of(Tensor images, int columns = 0, int zoom = 2)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(zoom);
        if (images.Rank < 2 || Extents(images.Shape[1..]) is not { } extents)
        {
            throw new ArgumentException($"Shape {images.Shape} is not a batch of images: [N, height, width], [N, 1 " +
                "or 3, height, width], or [N, size] of square images.", nameof(images));
        }

        (int channels, int height, int width) = extents;
        int count = images.Shape[0];
        if (count == 0) throw new ArgumentException("There are no images to lay out.", nameof(images));
        if (columns <= 0) columns = (int)Math.Ceiling(Math.Sqrt(count));
        int rows = (count + columns - 1) / columns;
        int cellWidth = width * zoom + 1, cellHeight = height * zoom + 1;
        int totalWidth = columns * cellWidth + 1, totalHeight = rows * cellHeight + 1;
        byte[] samples = new byte[checked(totalWidth * totalHeight * channels)];
        Array.Fill(samples, Border);
        for (int i = 0; i < count; i++)
        {
            int left = i % columns * cellWidth + 1, top = i / columns * cellHeight + 1;
            for (int y = 0; y < height * zoom; y++)
            {
                for (int x = 0; x < width * zoom; x++)
                {
                    // A tensor stores one channel after the other; a PNG stores the channels of a pixel together.
                    for (int c = 0; c < channels; c++)
                    {
                        samples[((top + y) * totalWidth + left + x) * channels + c] = Level(
                            images.At(((i * channels + c) * height + y / zoom) * width + x / zoom));
                    }
                }
            }
        }

        return new ImageGrid(new PngImage(totalWidth, totalHeight, channels, samples));
    }

    /// <summary>Lays out pairs of images, such as data above their reconstructions. Rows of <paramref name="first"/>
    /// and rows of <paramref name="second"/> alternate.</summary>
    /// <param name="first">Images, as for <see cref="Of"/>.</param>
    /// <param name="second">The same number of images of the same shape.</param>
    /// <param name="columns">The number of pairs in a row.</param>
    /// <param name="zoom">The edge of the square that shows one pixel, in pixels of the PNG.</param>
    /// <exception cref="ArgumentException">The tensors differ in shape or do not contain images.</exception>
    public static ImageGrid Pairs(Tensor first, Tensor second, int columns = 10, int zoom = 2)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (first.Shape != second.Shape)
            throw new ArgumentException($"Pairs need one shape, not {first.Shape} and {second.Shape}.", nameof(second));
        List<Tensor> rows = [];
        int count = first.Shape[0];
        columns = Math.Min(columns, count);
        for (int start = 0; start < count; start += columns)
        {
            int now = Math.Min(columns, count - start);
            foreach (Tensor side in (Tensor[])[first, second])
            {
                rows.Add(side.Slice(0, start, now));
                if (now < columns) rows.Add(Tensor.Zeros([columns - now, .. side.Shape[1..]], side.DType));
            }
        }

        return Of(Tensor.Concat(0, rows), columns, zoom);
    }

    /// <summary>
    /// Lays out pairs of an image and a map of values of its pixels, the map to the right of the image. The maps have
    /// the colours of viridis, from dark violet for 0 and less to yellow for <paramref name="most"/> and more, one
    /// scale for all of them.
    /// </summary>
    /// <param name="images">Images, as for <see cref="Of"/>.</param>
    /// <param name="values">The values of the pixels, [N, height, width].</param>
    /// <param name="most">The value that is yellow, greater than 0.</param>
    /// <param name="columns">The number of pairs in a row; 0 gives a layout that is as square as possible.</param>
    /// <param name="zoom">The edge of the square that shows one pixel, in pixels of the PNG.</param>
    /// <exception cref="ArgumentException">The tensors do not contain images of one size.</exception>
    public static ImageGrid WithMaps(Tensor images, Tensor values, double most, int columns = 0, int zoom = 2)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        int count = images.Shape[0];
        if (Extents(images.Shape[1..]) is not (int channels, int height, int width)
            || values.Shape != [count, height, width])
        {
            throw new ArgumentException($"Images of shape {images.Shape} have no maps of shape {values.Shape}; a map " +
                "has the height and width of its image.", nameof(values));
        }

        int pixels = height * width, size = 3 * pixels;
        float[] pairs = new float[checked(count * 2 * size)];
        for (int i = 0; i < count; i++)
        {
            Span<float> image = pairs.AsSpan(2 * i * size, size), map = pairs.AsSpan((2 * i + 1) * size, size);
            for (int p = 0; p < pixels; p++)
            {
                for (int c = 0; c < 3; c++)
                    image[c * pixels + p] = (float)images.At((i * channels + c % channels) * pixels + p);
                (map[p], map[pixels + p], map[2 * pixels + p]) = Viridis.Of(values.At(i * pixels + p) / most);
            }
        }

        if (columns <= 0) columns = (int)Math.Ceiling(Math.Sqrt(count * (double)height / (2 * width)));
        return Of(Tensor.From(pairs, [2 * count, 3, height, width]), 2 * Math.Min(columns, count), zoom);
    }

    /// <summary>Whether data of a shape can be shown as images: [height, width], [1, height, width], [3, height,
    /// width], or [size] if size is the number of pixels of a square.</summary>
    public static bool CanShow(Shape eventShape) => Extents(eventShape) is not null;

    /// <summary>Writes the PNG file completely or not at all. An existing file is replaced.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="provenance">The mark of generated media; null for images that no model made.</param>
    public void Save(string path, Provenance? provenance = null) => _image.Save(path, provenance);

    private static (int Channels, int Height, int Width)? Extents(Shape shape) => shape.Rank switch
    {
        1 when Edge(shape[0]) is { } edge => (1, edge, edge),
        2 => (1, shape[0], shape[1]),
        3 when shape[0] is 1 or 3 => (shape[0], shape[1], shape[2]),
        _ => null,
    };

    private static int? Edge(int size)
    {
        int edge = (int)Math.Round(Math.Sqrt(size));
        return edge * edge == size ? edge : null;
    }

    private static byte Level(double value) => double.IsNaN(value) ? (byte)0
        : (byte)Math.Clamp(Math.Round(value * 255), 0, 255);
}
