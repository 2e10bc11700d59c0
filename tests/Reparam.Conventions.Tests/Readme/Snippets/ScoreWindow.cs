// begin
using Reparam.Formats;
using Reparam.Runs;
using Reparam.Scoring;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/how-to/sensors.md, C# block 1.</summary>
internal static class ScoreWindow
{
    public static void Execute()
    {
        // begin
        Scorer scorer = Scorer.Load(Run.Open("runs/station", formats: FileFormats.All));
        var readings = new Queue<IReadOnlyDictionary<string, string>>();

        // Call this for each new reading; it returns null until a window is full.
        DatumScore? Next(IReadOnlyDictionary<string, string> reading)
        {
            readings.Enqueue(reading);
            if (readings.Count > 16) readings.Dequeue();
            return readings.Count == 16 ? scorer.Score([.. readings]) : null;
        }
        // end

        for (int minute = 0; minute < 16; minute++)
        {
            DatumScore? score = Next(new Dictionary<string, string>
            {
                ["speed"] = "1400", ["flow"] = "45", ["pressure"] = "4.6", ["power"] = "12", ["temperature"] = "46",
                ["vibration"] = "1.9",
            });
            Console.WriteLine(score is null ? "filling" : $"p-value {score.PValue}");
        }
    }
}
