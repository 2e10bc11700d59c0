// begin
using Reparam.Data;
using Reparam.Formats;
using Reparam.Tabular;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/how-to/synthetic-rows.md, C# block 1.</summary>
internal static class CompareTables
{
    public static void Execute()
    {
        // begin
        ComparedTables tables = ComparedTables.Read(
            TableFiles.Open("real.csv", FileFormats.All), TableFiles.Open("rows.csv", FileFormats.All));
        TableComparison comparison = TableComparison.Of(tables, new Rng(seed: 0), target: "fault");
        foreach (string fault in comparison.Faults) Console.WriteLine(fault);
        Console.WriteLine($"ROC AUC {comparison.Classifier.RocAuc:F3}, copies {comparison.Privacy.Copies.Mean:P1}");
        new TableComparisonPage(comparison, "rows.csv").Save("comparison.html");
        // end
    }
}
