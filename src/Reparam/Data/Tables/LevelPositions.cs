namespace Reparam.Data;

/// <summary>The positions of levels by their texts. Where all levels are numbers, a text is found by its number: 1, 1.0
/// and 01 are one level.</summary>
internal sealed class LevelPositions
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _texts;
    private readonly Dictionary<double, int> _numbers = [];

    /// <param name="levels">The texts of the levels, in order.</param>
    /// <param name="format">How their numbers are written.</param>
    public LevelPositions(IReadOnlyList<string> levels, TableFormat format)
    {
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < levels.Count; i++)
        {
            texts.Add(levels[i], i);
            if (format.TryNumber(levels[i], out double number)) _numbers.TryAdd(number, i);
        }

        _texts = texts.GetAlternateLookup<ReadOnlySpan<char>>();
        // A level that is no number, or the number of another level, makes texts of all of them.
        if (_numbers.Count < levels.Count) _numbers.Clear();
    }

    /// <summary>The position of a level; -1 for a text that is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="format">How its numbers are written.</param>
    public int Of(ReadOnlySpan<char> text, TableFormat format)
    {
        text = text.Trim();
        if (_texts.TryGetValue(text, out int level)) return level;
        return _numbers.Count > 0 && format.TryNumber(text, out double number)
            && _numbers.TryGetValue(number, out level) ? level : -1;
    }
}
