namespace Reparam.Data;

/// <summary>
/// How the numbers in the user's own file encode grey levels or digits. The encoding does not change the meaning: a
/// data point has the same value whether it is read from the whole file or from a part of the file.
/// </summary>
internal enum PixelLevels
{
    /// <summary>
    /// As stored in the file: bytes are levels (or digits if none exceeds 1), other formats are real numbers.
    /// </summary>
    Stored,

    /// <summary>0 and 1 in a number format larger than a byte.</summary>
    Digits,

    /// <summary>Grey levels k / 255.</summary>
    Unit,

    /// <summary>0 to 255 in a number format larger than a byte. If all numbers are whole, they are grey levels.
    /// Otherwise they are divided by 255 and are real numbers in [0, 1].</summary>
    Bytes,
}
