#:sdk Microsoft.NET.Sdk.Web
#:project ../src/Reparam/Reparam.csproj
#:project ../src/Reparam.Formats/Reparam.Formats.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

// A web service that says how strange a row of a table is, by a trained run:
//
//   reparam train --data docs/how-to/data/pumps.csv --label fault --train-on 0 --out runs/pumps
//   dotnet run -c Release examples/scoring-service.cs -- ../runs/pumps     (it starts in the folder examples)
//   curl -s localhost:5000/score -H 'Content-Type: application/json' -d '{"site":"north","valve":"open","flow":"20"}'
//
// GET /health answers 200 as soon as the model is loaded. The meter "Reparam.Scoring" counts rows and measures the time
// of each; any OpenTelemetry exporter, or `dotnet-counters monitor --counters Reparam.Scoring`, shows it.
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reparam.Formats;
using Reparam.Runs;
using Reparam.Scoring;
using Reparam.Tensors;

if (args.Length == 0)
{
    Console.Error.WriteLine("Give the path of a run after --, from the folder examples, such as ../runs/pumps.");
    return 2;
}

// A row is small, so requests share the processor and each uses one thread.
Execution.Threads = 1;
Run run = Run.Open(args[0], formats: FileFormats.All);
if (run.Table is not { Window: null })
{
    Console.Error.WriteLine("The service scores rows of a table; give a run that was trained on one, without windows.");
    return 2;
}

Scorer scorer = Scorer.Load(run);
using var meter = new Meter("Reparam.Scoring");
Counter<long> rows = meter.CreateCounter<long>("rows", "{row}", "Rows scored.");
Histogram<double> seconds = meter.CreateHistogram<double>("duration", "s", "Time to score one row.");

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args[1..]);
builder.Services.ConfigureHttpJsonOptions(options =>
{
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, Answers.Default);
    options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    // A value that its column cannot have makes a score infinite, which is "Infinity" in JSON.
    options.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
});
WebApplication app = builder.Build();
app.MapGet("/health", () => Results.Ok());
app.MapPost("/score", (Dictionary<string, string> cells) =>
{
    long started = Stopwatch.GetTimestamp();
    try
    {
        DatumScore score = scorer.Score(cells);
        Cause[] causes = [.. score.Causes.Take(3).Select(c => new Cause(c.Name, c.Excess))];
        return Results.Ok(new Answer(score.Score, score.StandardError, score.PValue, causes));
    }
    catch (ArgumentException failure)
    {
        return Results.BadRequest(new Refusal(failure.Message));
    }
    finally
    {
        rows.Add(1);
        seconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
});
app.Run();
return 0;

internal sealed record Cause(string Column, double Nats);

internal sealed record Answer(double Score, double StandardError, double PValue, Cause[] Causes);

internal sealed record Refusal(string Error);

[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class Answers : JsonSerializerContext;
