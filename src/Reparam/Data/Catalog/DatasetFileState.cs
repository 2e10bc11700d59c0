namespace Reparam.Data;

/// <summary>Whether a data file is there and right.</summary>
public enum DatasetFileState
{
    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>The file is there and its content is the published one.</summary>
    Valid,

    /// <summary>The file is there and is damaged or another one.</summary>
    Damaged,
}
