namespace Reparam.Data;

/// <summary>What happens to a picture whose sides have another ratio than the wanted size.</summary>
public enum PictureCrop
{
    /// <summary>The largest part of the wanted ratio in the middle of the picture is scaled; the rest is cut
    /// off.</summary>
    Center,

    /// <summary>The whole picture is scaled, and its ratio changes.</summary>
    None,
}
