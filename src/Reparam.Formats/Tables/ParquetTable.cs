using System.Globalization;
using Parquet;
using Parquet.Schema;
using Reparam.Data;

namespace Reparam.Formats;

/// <summary>
/// A table in an Apache Parquet file: columns of numbers, truth values, texts, dates and times. A null is a missing
/// cell. Nested columns are refused.
/// </summary>
public sealed class ParquetTable : TableSource
{
    // The columns of a row group are held in memory. A file that declares far more rows than it has bytes is damaged.
    private const long MostRowsInGroup = 20_000_000, UsualRows = 1_000_000, MostRowsPerByte = 64;

    private readonly string _path;
    private readonly DataField[] _fields;

    /// <summary>Opens a file and reads its columns.</summary>
    /// <exception cref="InvalidDataFileException">The file is damaged, or has a column that is nested, has a type
    /// without a text, or has the name of another.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ParquetTable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _fields = Guarded(reader =>
        {
            if (reader.Schema.Fields.FirstOrDefault(f => f is not DataField { IsArray: false }) is { } nested)
            {
                throw new InvalidDataFileException(
                    path, $"its column '{nested.Name}' is nested; write its parts as columns of their own.");
            }

            return Task.FromResult(reader.Schema.GetDataFields());
        });
        foreach (DataField field in _fields)
        {
            if (field.ClrType == typeof(ReadOnlyMemory<byte>))
            {
                throw new InvalidDataFileException(
                    path, $"its column '{field.Name}' holds bytes; leave the column out of the file, or write texts.");
            }
        }

        Columns = [.. _fields.Select(f => f.Name)];
        if (Columns.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InvalidDataFileException(
                path, $"it names the column '{twice.Key}' {twice.Count()} times; rename one of them.");
        }

        if (_fields.Length is 0 or > SeparatedTable.MostColumns)
        {
            throw new InvalidDataFileException(path, FormattableString.Invariant(
                $"it has {_fields.Length:N0} columns; 1 to {SeparatedTable.MostColumns:N0} are supported."));
        }
    }

    /// <inheritdoc/>
    public override string Name => _path;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public override TableFormat Format { get; } = new(',', '.', true) { DetectsDecimal = false };

    /// <inheritdoc/>
    public override void Read(ITableSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Guarded(async reader =>
        {
            char[] text = new char[64];
            long length = new FileInfo(_path).Length;
            for (int g = 0; g < reader.RowGroupCount; g++)
            {
                using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
                if (group.RowCount is < 0 or > MostRowsInGroup
                    || group.RowCount > Math.Max(UsualRows, MostRowsPerByte * length))
                {
                    throw new InvalidDataFileException(_path, FormattableString.Invariant(
                        $"a row group has {group.RowCount:N0} rows; write groups of at most {MostRowsInGroup:N0}."));
                }

                Cells[] columns = new Cells[_fields.Length];
                for (int c = 0; c < columns.Length; c++)
                    columns[c] = await Column(group, _fields[c]).ConfigureAwait(false);
                for (int row = 0; row < group.RowCount; row++)
                {
                    for (int c = 0; c < columns.Length; c++) sink.Cell(c, columns[c](row, text));
                    sink.EndRow();
                }
            }

            return true;
        });
    }

    /// <summary>The text of a cell, which may be written to the buffer.</summary>
    private delegate ReadOnlySpan<char> Cells(int row, char[] buffer);

    private async Task<Cells> Column(ParquetRowGroupReader group, DataField field)
    {
        int rows = (int)group.RowCount;
        Type type = field.ClrType;
        return type == typeof(ReadOnlyMemory<char>) ? await Texts().ConfigureAwait(false)
            : type == typeof(double) ? await Numbers<double>().ConfigureAwait(false)
            : type == typeof(float) ? await Numbers<float>().ConfigureAwait(false)
            : type == typeof(decimal) ? await Numbers<decimal>().ConfigureAwait(false)
            : type == typeof(long) ? await Numbers<long>().ConfigureAwait(false)
            : type == typeof(ulong) ? await Numbers<ulong>().ConfigureAwait(false)
            : type == typeof(int) ? await Numbers<int>().ConfigureAwait(false)
            : type == typeof(uint) ? await Numbers<uint>().ConfigureAwait(false)
            : type == typeof(short) ? await Numbers<short>().ConfigureAwait(false)
            : type == typeof(ushort) ? await Numbers<ushort>().ConfigureAwait(false)
            : type == typeof(sbyte) ? await Numbers<sbyte>().ConfigureAwait(false)
            : type == typeof(byte) ? await Numbers<byte>().ConfigureAwait(false)
            : type == typeof(DateTime) ? await Numbers<DateTime>("yyyy-MM-ddTHH:mm:ss.FFFFFFF").ConfigureAwait(false)
            : type == typeof(DateOnly) ? await Numbers<DateOnly>("yyyy-MM-dd").ConfigureAwait(false)
            : type == typeof(TimeOnly) ? await Numbers<TimeOnly>("HH:mm:ss.FFFFFFF").ConfigureAwait(false)
            : type == typeof(Guid) ? await Numbers<Guid>().ConfigureAwait(false)
            : type == typeof(bool) ? await Truths().ConfigureAwait(false)
            : throw new InvalidDataFileException(
                _path, $"its column '{field.Name}' has the type {type.Name}, which is no number, text or date.");

        async Task<Cells> Numbers<T>(string? format = null)
            where T : struct, ISpanFormattable
        {
            T?[] values = await Values<T>().ConfigureAwait(false);
            return (row, buffer) => values[row] is { } value
                && value.TryFormat(buffer, out int length, format, CultureInfo.InvariantCulture)
                ? buffer.AsSpan(0, length) : default;
        }

        async Task<Cells> Texts()
        {
            ReadOnlyMemory<char>?[] values = await Values<ReadOnlyMemory<char>>().ConfigureAwait(false);
            return (row, _) => values[row] is { } value ? value.Span : default;
        }

        async Task<Cells> Truths()
        {
            bool?[] values = await Values<bool>().ConfigureAwait(false);
            return (row, _) => values[row] switch { true => "1", false => "0", null => "" };
        }

        async Task<T?[]> Values<T>()
            where T : struct
        {
            T?[] values = new T?[rows];
            if (field.IsNullable)
            {
                await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
                return values;
            }

            T[] given = new T[rows];
            await group.ReadAsync<T>(field, given.AsMemory()).ConfigureAwait(false);
            for (int i = 0; i < rows; i++) values[i] = given[i];
            return values;
        }
    }

    private T Guarded<T>(Func<ParquetReader, Task<T>> read)
    {
        // Opened here, so that a file that cannot be opened is no damaged file.
        using FileStream file = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return Task.Run(async () =>
            {
                ParquetReader reader = await ParquetReader.CreateAsync(file).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false)) return await read(reader).ConfigureAwait(false);
            }).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is not (InvalidDataFileException or OutOfMemoryException
            or OperationCanceledException))
        {
            // The reader of the package has no type of its own for all kinds of damage.
            throw new InvalidDataFileException(
                _path, $"it cannot be read as a Parquet file: {failure.Message.TrimEnd('.')}.", failure);
        }
    }
}
