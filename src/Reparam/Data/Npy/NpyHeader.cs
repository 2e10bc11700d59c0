using System.Globalization;
using System.Text;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>The dictionary in the header of a .npy file. It is parsed directly: three keys are read, and no code is
/// evaluated.</summary>
internal ref struct NpyHeader
{
    private readonly UnpackedFile _file;
    private readonly int _start;
    private readonly string _text;
    private int _at;

    private NpyHeader(UnpackedFile file, int start, int length)
    {
        _file = file;
        _start = start;
        _text = Encoding.Latin1.GetString(file.Content, start, length);
        _at = 0;
    }

    internal string Descr { get; private set; } = "";

    internal bool FortranOrder { get; private set; }

    /// <summary>The extents, outermost axis first.</summary>
    internal int[] Extents { get; private set; } = [];

    /// <summary>The shape of an array in memory.</summary>
    /// <exception cref="InvalidDataFileException">The array has too many elements.</exception>
    internal readonly Shape Shape
    {
        get
        {
            long size = 1;
            foreach (int extent in Extents)
            {
                size *= extent;
                if (size > int.MaxValue)
                {
                    throw Bad("its shape has more elements than can be read at once; the file is damaged, must be " +
                        "split, or is read in parts (data.stream).");
                }
            }

            return Shape.Create(Extents);
        }
    }

    /// <summary>Parses the header text of <paramref name="length"/> bytes at <paramref name="start"/>.</summary>
    internal static NpyHeader Parse(UnpackedFile file, int start, int length)
    {
        NpyHeader header = new(file, start, length);
        header.ParseDictionary();
        return header;
    }

    private void ParseDictionary()
    {
        bool descr = false, order = false, shape = false;
        Expect('{');
        while (!Take('}'))
        {
            string key = Quoted();
            Expect(':');
            if (key == "descr" && !descr)
            {
                (Descr, descr) = (Peek() == '[' ? Fields() : Quoted(), true);
            }
            else if (key == "fortran_order" && !order)
            {
                (FortranOrder, order) = (Truth(), true);
            }
            else if (key == "shape" && !shape)
            {
                (Extents, shape) = (ReadExtents(), true);
            }
            else
            {
                throw Bad($"its header has an unknown or repeated key '{(key.Length > 40 ? key[..40] : key)}'; save " +
                    "it again with numpy.save.");
            }

            if (!Take(','))
            {
                Expect('}');
                break;
            }
        }

        SkipBlanks();
        if (_at != _text.Length)
            throw Bad("its header continues after the closing brace; save it again with numpy.save.");
        if (!descr || !order || !shape)
            throw Bad("its header lacks one of descr, fortran_order and shape; save it again with numpy.save.");
    }

    private int[] ReadExtents()
    {
        Span<int> extents = stackalloc int[Shape.MaxRank];
        int rank = 0;
        Expect('(');
        while (!Take(')'))
        {
            SkipBlanks();
            int from = _at;
            while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
            bool whole = int.TryParse(
                _text.AsSpan(from, _at - from), NumberStyles.None, CultureInfo.InvariantCulture, out int extent);
            // Python 2 wrote an L after long integers.
            if (whole && _at < _text.Length && _text[_at] == 'L') _at++;
            if (!whole)
            {
                throw Bad("its shape contains something that is not a whole number from 0 to 2147483647; save it " +
                    "again with numpy.save.");
            }

            if (rank == Shape.MaxRank) throw Bad($"it has more than {Shape.MaxRank} axes; reshape it before saving.");
            extents[rank++] = extent;
            if (!Take(','))
            {
                Expect(')');
                break;
            }
        }

        return extents[..rank].ToArray();
    }

    /// <summary>
    /// The list of the fields of a structured type, which is skipped. It may contain brackets. Brackets in quotes are
    /// not counted.
    /// </summary>
    private string Fields()
    {
        int from = _at, depth = 0;
        do
        {
            char next = Peek();
            if (next is '\'' or '"')
            {
                Quoted();
                continue;
            }

            if (next == '\0') throw Bad("its header has an unterminated list; save it again with numpy.save.");
            depth += next switch { '[' or '(' => 1, ']' or ')' => -1, _ => 0 };
            _at++;
        }
        while (depth > 0);

        return _text[from.._at];
    }

    private bool Truth()
    {
        SkipBlanks();
        foreach ((string word, bool value) in ((string, bool)[])[("True", true), ("False", false)])
        {
            if (!_text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal)) continue;
            _at += word.Length;
            return value;
        }

        throw Bad("fortran_order is neither True nor False; save it again with numpy.save.");
    }

    private string Quoted()
    {
        char quote = Peek();
        if (quote is not ('\'' or '"'))
            throw Bad("its header is not a dictionary as numpy writes it; save it again with numpy.save.");
        int end = _text.IndexOf(quote, _at + 1);
        if (end < 0) throw Bad("its header has an unterminated quote; save it again with numpy.save.");
        string text = _text[(_at + 1)..end];
        _at = end + 1;
        return text;
    }

    private void Expect(char wanted)
    {
        if (!Take(wanted)) throw Bad($"its header lacks '{wanted}'; save it again with numpy.save.");
    }

    private bool Take(char wanted)
    {
        if (Peek() != wanted) return false;
        _at++;
        return true;
    }

    private char Peek()
    {
        SkipBlanks();
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is (' ' or '\n' or '\t' or '\r')) _at++;
    }

    private readonly InvalidDataFileException Bad(string problem) => _file.Bad(_start + _at, problem);
}
