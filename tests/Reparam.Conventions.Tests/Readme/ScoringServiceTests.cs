using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Reparam.Cli;
using Reparam.Testing;

namespace Reparam.Conventions.Tests.Readme;

/// <summary>The service of examples/scoring-service.cs, started as its page says.</summary>
[Collection(SnippetsRunAlone.Name)]
public sealed class ScoringServiceTests
{
    [Fact]
    public async Task Service_scores_rows_and_refuses_unknown_columns()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        Assert.Equal(0, ReparamProgram.Run(["train", "--data", Path.Combine(
            Sources.Root, "docs/how-to/data/pumps.csv"), "--label", "fault", "--train-on", "0", "--columns",
            "speed=count", "--epochs", "2", "--quiet", "--out", folder.File("run")]));
        string address = $"http://127.0.0.1:{FreePort()}";
        using Process service = Start(folder.File("run"), address);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            await Health(client, service, stop);
            var row = new Dictionary<string, string> { ["site"] = "north", ["valve"] = "open", ["flow"] = "20" };
            JsonNode answer = await Answer(client, row, HttpStatusCode.OK, stop);
            Assert.InRange((double)answer["p_value"]!, 1e-6, 1);
            Assert.Equal(3, answer["causes"]!.AsArray().Count);
            Assert.Equal(answer.ToJsonString(), (await Answer(client, row, HttpStatusCode.OK, stop)).ToJsonString());
            row["speed"] = "-5";
            answer = await Answer(client, row, HttpStatusCode.OK, stop);
            Assert.Equal("Infinity", (string)answer["score"]!);
            Assert.Equal("speed", (string)answer["causes"]![0]!["column"]!);
            row["flaw"] = "1";
            answer = await Answer(client, row, HttpStatusCode.BadRequest, stop);
            Assert.Contains("'flaw' is not a column", (string)answer["error"]!, StringComparison.Ordinal);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
        }
    }

    private static async Task<JsonNode> Answer(
        HttpClient client, Dictionary<string, string> row, HttpStatusCode expected, CancellationToken stop)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync("/score", row, stop);
        Assert.Equal(expected, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(stop))!;
    }

    /// <summary>Waits until the service answers. It is built first, which takes a while.</summary>
    private static async Task Health(HttpClient client, Process service, CancellationToken stop)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(5); await Task.Delay(200, stop))
        {
            Assert.False(service.HasExited, "The service stopped.");
            try
            {
                using HttpResponseMessage response = await client.GetAsync("/health", stop);
                if (response.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        Assert.Fail("The service did not answer within five minutes.");
    }

    private static Process Start(string run, string address)
    {
        ProcessStartInfo start = new("dotnet", [
            "run", "-c", "Release", Path.Combine(Sources.Root, "examples", "scoring-service.cs"), "--", run, "--urls",
            address]);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["CI"] = "true";
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
