using System.Globalization;
using Parquet;
using Parquet.Schema;
using Reparam.Data;

namespace Reparam.Formats;

/// <summary>Writes a table as an Apache Parquet file with typed columns, in groups of 100,000 rows. A missing cell is a
/// null. The file is complete after <see cref="TableWriter.Complete"/> and
/// <see cref="TableWriter.Dispose()"/>.</summary>
public sealed class ParquetTableWriter : TableWriter
{
    private const int RowsInGroup = 100_000;

    private readonly TableFormat _format;
    private readonly Cells[] _columns;
    private readonly FileStream _file;
    private readonly ParquetWriter _writer;
    private int _count;
    private long _written;

    /// <summary>Creates a file beside <paramref name="path"/>.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="decimalMark">The decimal mark of the cells that are numbers.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public ParquetTableWriter(string path, IReadOnlyList<WrittenColumn> columns, char decimalMark = '.')
        : base(path)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _format = new TableFormat(',', decimalMark);
        _columns = [.. columns.Select(Cells.Of)];
        _file = new FileStream(Temporary, FileMode.Create, FileAccess.ReadWrite);
        _writer = Done(() => ParquetWriter.CreateAsync(
            new ParquetSchema(_columns.Select(c => c.Field)), _file));
    }

    /// <inheritdoc/>
    public override void Row(IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Count, _columns.Length);
        for (int c = 0; c < cells.Count; c++)
        {
            if (_columns[c].Add(cells[c], _format)) continue;
            throw new InvalidDataFileException(Target, FormattableString.Invariant(
                $"cell '{cells[c]}' of column '{_columns[c].Field.Name}' in row {_written + _count + 1:N0} is no ") +
                $"{_columns[c].Noun}, which this column of a Parquet file holds; write to a .csv file instead.");
        }

        if (++_count == RowsInGroup) Flush();
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        // A file without rows has no group.
        if (_count > 0) Flush();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Done(async () =>
            {
                await _writer.DisposeAsync().ConfigureAwait(false);
                return true;
            });
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Flush()
    {
        Done(async () =>
        {
            using ParquetRowGroupWriter group = _writer.CreateRowGroup();
            foreach (Cells column in _columns) await column.WriteAsync(group).ConfigureAwait(false);
            return true;
        });
        _written += _count;
        _count = 0;
    }

    private static T Done<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    /// <summary>The cells of a column that are not yet in the file.</summary>
    private abstract class Cells(DataField definition, string noun)
    {
        // A double has all whole numbers up to this one.
        private const double LargestWhole = 1L << 53;

        public DataField Field => definition;

        public string Noun => noun;

        public static Cells Of(WrittenColumn column) => column.Type switch
        {
            CellType.Whole => new Values<long>(new DataField<long>(column.Name, nullable: true), "whole number", Whole),
            CellType.Number => new Values<double>(new DataField<double>(column.Name, nullable: true), "number",
                (string text, TableFormat format, out double value) => format.TryNumber(text, out value)),
            CellType.Time => new Values<DateTime>(new DateTimeDataField(column.Name, DateTimeFormat.Timestamp,
                isAdjustedToUTC: false, DateTimeTimeUnit.Micros, isNullable: true), "date",
                (string text, TableFormat format, out DateTime value) => Time(text, column.Order, out value)),
            _ => new Texts(new DataField<string>(column.Name)),
        };

        /// <summary>Appends a cell; false if the text is no value of the column.</summary>
        public abstract bool Add(string text, TableFormat format);

        public abstract Task WriteAsync(ParquetRowGroupWriter group);

        private static bool Whole(string text, TableFormat format, out long value)
        {
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
                return true;
            bool isWhole = format.TryNumber(text, out double number) && number == Math.Truncate(number)
                && Math.Abs(number) <= LargestWhole;
            value = isWhole ? (long)number : 0;
            return isWhole;
        }

        private static bool Time(string text, DateOrder order, out DateTime value)
        {
            bool isTime = TableFormat.TryDate(text, order, out double seconds);
            value = isTime ? DateTime.UnixEpoch.AddSeconds(seconds) : default;
            return isTime;
        }
    }

    private delegate bool Parse<T>(string text, TableFormat format, out T value);

    private sealed class Values<T>(DataField definition, string noun, Parse<T> parse) : Cells(definition, noun)
        where T : struct
    {
        private readonly List<T?> _cells = [];

        public override bool Add(string text, TableFormat format)
        {
            bool isMissing = TableFormat.IsMissing(text);
            T value = default;
            if (!isMissing && !parse(text, format, out value)) return false;
            _cells.Add(isMissing ? null : value);
            return true;
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync<T>(Field, _cells.ToArray().AsMemory()).ConfigureAwait(false);
            _cells.Clear();
        }
    }

    private sealed class Texts(DataField definition) : Cells(definition, "text")
    {
        private readonly List<string?> _cells = [];

        public override bool Add(string text, TableFormat format)
        {
            _cells.Add(text.Length == 0 ? null : text);
            return true;
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(Field, _cells!).ConfigureAwait(false);
            _cells.Clear();
        }
    }
}
