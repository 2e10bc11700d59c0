namespace Reparam.Data;

/// <summary>The state of a data file.</summary>
public enum DatasetFileState
{
    /// <summary>The file does not exist.</summary>
    Missing,

    /// <summary>The file exists and has the published content.</summary>
    Valid,

    /// <summary>The file exists, but it is damaged or is not the published file.</summary>
    Damaged,
}
