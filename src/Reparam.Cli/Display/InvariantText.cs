using System.Globalization;
using System.Runtime.CompilerServices;

namespace Reparam.Cli.Display;

/// <summary>
/// An interpolated string whose numbers are written with a decimal point in every culture. A parameter of this type
/// also takes interpolated strings joined by +; a <see cref="FormattableString"/> does not.
/// </summary>
[InterpolatedStringHandler]
internal ref struct InvariantText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    public void AppendFormatted<T>(T value, int alignment) => _text.AppendFormatted(value, alignment);

    public void AppendFormatted<T>(T value, int alignment, string? format) =>
        _text.AppendFormatted(value, alignment, format);

    /// <summary>The text; a second call returns an empty string.</summary>
    public string Take() => _text.ToStringAndClear();
}
