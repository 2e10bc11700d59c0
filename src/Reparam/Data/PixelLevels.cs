namespace Reparam.Data;

/// <summary>
/// How numbers of a person's own file stand for grey levels or digits. Never changes what is meant: the values of a set
/// are the same however few of its data are looked at.
/// </summary>
internal enum PixelLevels
{
    /// <summary>
    /// As the file has them: bytes are levels (or digits where none exceeds 1), other numbers are reals.
    /// </summary>
    Stored,

    /// <summary>0 and 1 in a format of larger numbers.</summary>
    Digits,

    /// <summary>k / 255.</summary>
    Unit,

    /// <summary>0 to 255 in a format of larger numbers; whole numbers are levels, others reals in [0, 1].</summary>
    Bytes,
}
