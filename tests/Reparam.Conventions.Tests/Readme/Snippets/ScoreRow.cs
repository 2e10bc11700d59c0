// begin
using Reparam.Formats;
using Reparam.Runs;
using Reparam.Scoring;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/how-to/anomalies.md, C# block 1.</summary>
internal static class ScoreRow
{
    public static void Execute()
    {
        // begin
        Scorer scorer = Scorer.Load(Run.Open("runs/pumps", formats: FileFormats.All));
        DatumScore score = scorer.Score(new Dictionary<string, string>
        {
            ["site"] = "north", ["valve"] = "open", ["speed"] = "1450", ["flow"] = "20", ["pressure"] = "4.1",
        });
        Console.WriteLine($"{score.PValue}: {string.Join(", ", score.Causes.Take(3).Select(c => c.Name))}");
        // end
    }
}
