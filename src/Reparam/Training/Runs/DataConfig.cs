namespace Reparam.Training.Runs;

/// <summary>The data of a run.</summary>
public sealed record DataConfig
{
    /// <summary>A known set's name, or the path of a file.</summary>
    public string Name { get; init; } = "digits";

    /// <summary><c>none</c>, <c>static</c>, <c>dynamic</c> or <c>threshold</c>.</summary>
    public string Binarization { get; init; } = "none";

    /// <summary>Labels that a <c>semi-supervised</c> model is told, as many of each class, those of the rest hidden from it; -1 tells all.</summary>
    public int Labels { get; init; } = -1;

    /// <summary>Training data held out for validation where the set has no part of its own for that: a count; 0 holds none out, -1 a tenth
    /// (at most 5,000).</summary>
    public int Validation { get; init; } = -1;

    /// <summary>Use only the first so many training data; 0 uses all.</summary>
    public int Limit { get; init; }

    /// <summary>
    /// Where a person's own images have their channels: <c>channels-first</c>, as networks take them, or
    /// <c>channels-last</c>, which are turned; <c>auto</c> takes [N, height, width, 1, 3 or 4] for the latter.
    /// </summary>
    public string Layout { get; init; } = "auto";

    /// <summary>
    /// What numbers of a person's own file stand for: <c>stored</c>, bytes for grey levels (or digits where none
    /// exceeds 1) and others for reals; or in a format of larger numbers <c>digits</c> 0 and 1, <c>bytes</c> 0 to 255,
    /// or
    /// <c>unit</c>, such levels over 255. <c>auto</c> tells by the values.
    /// </summary>
    public string Levels { get; init; } = "auto";

    /// <summary>
    /// Whether the parts that a person's own file names (<c>x_train</c>, <c>x_test</c>) are the run's: <c>auto</c>
    /// takes them; <c>none</c> takes the data to train on alone, and cuts test data from these.
    /// </summary>
    public string Parts { get; init; } = "auto";

    /// <summary>
    /// Whether real numbers are brought to mean 0 and variance 1 of the training data: <c>none</c>; <c>columns</c>,
    /// each element by itself; <c>channels</c>, each channel of images. <c>auto</c> does so where a Gaussian without
    /// bounds
    /// scores them, but for images in [0, 1].
    /// </summary>
    public string Standardize { get; init; } = "auto";
}
