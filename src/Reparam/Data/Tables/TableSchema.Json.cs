using System.Text.Json;
using System.Text.Json.Serialization;
using Reparam.Serialization;

namespace Reparam.Data;

public sealed partial class TableSchema
{
    /// <summary>Writes the schema as JSON. The file is written completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written. An older file of that name is unchanged.</exception>
    public void Save(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(
        new TableFile(Format, Label, Labels, Columns, Window, Given), TableFileContext.Default.TableFile) + "\n");

    /// <summary>Reads a file of <see cref="Save"/>. All numbers are the same to the bit.</summary>
    /// <exception cref="InvalidModelException">The file is damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static TableSchema Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'; check the path.", path);
        try
        {
            TableFile file = JsonSerializer.Deserialize(File.ReadAllText(path), TableFileContext.Default.TableFile)
                ?? throw new JsonException("it is empty");
            foreach (TableColumn column in file.Columns)
            {
                if (column is null || column.Levels.Contains(null!))
                    throw new JsonException("a column or a level is null");
                if (!(column.Scale > 0) || !double.IsFinite(column.Scale) || !double.IsFinite(column.Center)
                    || column.Decimals is < 0 or > 15 || !(column.Minimum <= column.Maximum)
                    || !Enum.IsDefined(column.Kind) || !Enum.IsDefined(column.Transform)
                    || (column.Kind == ColumnKind.Constant && column.Levels.Count != 1)
                    || (column.HasLevels && column.Levels.Count == 0)
                    || (column.Kind == ColumnKind.Ordinal && column.Levels.Count is < 2 or > TableColumn.MostOrdered)
                    || column.Rare.Distinct().Count() != column.Rare.Count
                    || column.Quantiles.Zip(column.Quantiles.Skip(1)).Any(p => !(p.First <= p.Second))
                    || column.Rare.Any(r => r < 0 || r >= column.Levels.Count)
                    || (column.DatePattern.Length > 0 && !LocalDate.IsPattern(column.DatePattern))
                    || column.Levels.Distinct().Count() != column.Levels.Count)
                    throw new JsonException($"the numbers of column '{column.Name}' are out of range");
            }

            if (file.Format.Decimal is not ('.' or ',') || file.Labels.Contains(null!)
                || file.Labels.Distinct().Count() != file.Labels.Count)
                throw new JsonException("the decimal mark or the labels are out of range");
            if (file.Window is { } window && (window.Size < 2 || window.Stride < 1))
                throw new JsonException("the numbers of the window are out of range");
            var schema = new TableSchema(file.Columns, file.Format, file.Label, file.Labels, file.Window)
            {
                Given = file.Given ?? [],
            };
            int given = schema.Conditions.Count * (schema.Window?.Size ?? 1);
            if (given == 0 != (schema.Given.Count == 0) || schema.Given.Any(row => row?.Count != given
                || row.Where((value, c) => schema.Conditions[c % schema.Conditions.Count] is { HasLevels: true } column
                    && !(double.IsNaN(value) || (value >= 0 && value <= column.Levels.Count
                        && value == Math.Truncate(value)))).Any()))
                throw new JsonException("the cells in 'given' do not fit the conditions");
            return schema;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or NotSupportedException)
        {
            throw new InvalidModelException(
                path, 0, $"it does not hold the columns of a table ({failure.Message}); the file is damaged.", failure);
        }
    }
}

/// <summary>The content of <c>table.json</c>.</summary>
internal sealed record TableFile(
    TableFormat Format, string? Label, IReadOnlyList<string> Labels, IReadOnlyList<TableColumn> Columns,
    TableWindow? Window = null, IReadOnlyList<IReadOnlyList<double>>? Given = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TableFile))]
internal sealed partial class TableFileContext : JsonSerializerContext;
