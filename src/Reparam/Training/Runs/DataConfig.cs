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
}
