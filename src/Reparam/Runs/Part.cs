namespace Reparam.Runs;

/// <summary>A part of a run's data.</summary>
public enum Part
{
    /// <summary>The data that it was trained on.</summary>
    Train,

    /// <summary>The data that were held out in training.</summary>
    Validation,

    /// <summary>The data that training never saw.</summary>
    Test,
}
