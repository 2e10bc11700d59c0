namespace Reparam.Runs;

/// <summary>A part of a run's data.</summary>
public enum Part
{
    /// <summary>The data that the run was trained on.</summary>
    Train,

    /// <summary>The data that were held out for validation during training.</summary>
    Validation,

    /// <summary>The data that training did not use.</summary>
    Test,
}
