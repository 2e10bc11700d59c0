namespace Reparam.Testing;

/// <summary>
/// Reparam.Testing.Host with the runtime of another platform: the assemblies beside the tests, published by a project
/// that is no part of the solution. What the platform needs beside them is fetched only where
/// REPARAM_REQUIRE_EXTERNAL=1 requires it; elsewhere the running test skips if it is missing.
/// </summary>
public static class PublishedHost
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    private static readonly string[] s_emulated =
    [
        // The runtime writes its code through a second mapping of the same memory. QEMU before 8.1 does not see such
        // writes, and runs code that is no longer there: random crashes and wrong results.
        "DOTNET_EnableWriteXorExecute=0",
        // Code is compiled once, and translated once.
        "DOTNET_TieredCompilation=0",
        // The collector reserves 4 GiB of addresses, not 256: QEMU keeps a table of all, 300 MB of them.
        "DOTNET_GCRegionRange=100000000",
    ];

    // NuGet: no package of this name or version in the sources, and a source that cannot be reached.
    private static readonly string[] s_notFetched = ["NU1100", "NU1101", "NU1102", "NU1103", "NU1301"];

    // QEMU without the loader of Linux, the loader without a library, and the runtime without OpenSSL.
    private static readonly string[] s_notInstalled =
        ["Could not open '/lib/ld-linux", "error while loading shared libraries", "No usable version of libssl"];

    /// <summary>Publishes for 64-bit Arm and runs the program under QEMU; returns its lines.</summary>
    /// <param name="hostFolder">The folder of Reparam.Testing.Host.dll and the libraries.</param>
    /// <param name="arguments">Arguments of the program.</param>
    public static string[] RunOnArm64(string hostFolder, params string[] arguments)
    {
        const string emulator = "qemu-aarch64-static";
        NeedProgram(emulator);
        using TemporaryFolder folder = new();
        string published = Publish("Reparam.Testing.Arm64", hostFolder, folder);
        (int code, string output, string errors) = Run(
            emulator, [Path.Combine(published, "Reparam.Testing.Arm64"), .. arguments], s_emulated);
        RealData.Need(code == 0 || !s_notInstalled.Any(errors.Contains),
            $"Libraries of arm64 are not installed (libc6, libstdc++6, libssl3): {errors.Trim()}");
        return Lines(code, output, errors);
    }

    /// <summary>Publishes for WebAssembly and runs the program in Node; returns its lines.</summary>
    /// <inheritdoc cref="RunOnArm64" path="/param"/>
    public static string[] RunInWebAssembly(string hostFolder, params string[] arguments)
    {
        const string engine = "node";
        NeedProgram(engine);
        using TemporaryFolder folder = new();
        string published = Publish("Reparam.Testing.Browser", hostFolder, folder);
        (int code, string output, string errors) = Run(
            engine, [Path.Combine(published, "wwwroot", "main.mjs"), .. arguments]);
        return Lines(code, output, errors);
    }

    private static void NeedProgram(string program) =>
        RealData.Need(OutsideTool.Run(program, "--version").ExitCode == 0, $"{program} does not run.");

    private static string Publish(string project, string hostFolder, TemporaryFolder folder)
    {
        string published = folder.File("published");
        List<string> arguments =
        [
            "publish", Path.Combine(Repository.Root, "tests", project), "-c", "Release", "-o", published,
            "--artifacts-path", folder.File("artifacts"), $"-p:HostFolder={hostFolder}{Path.DirectorySeparatorChar}",
            // No process stays behind that holds the output open.
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false",
        ];
        if (!RealData.Required)
        {
            // Only from the packages that this machine already has.
            arguments.Add($"-p:RestoreSources={Directory.CreateDirectory(folder.File("none")).FullName}");
            arguments.Add("-p:NuGetAudit=false");
        }

        (int code, string output, string errors) = Run(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);
        string text = output + errors;
        string remedy = RealData.Required ? " and could not be fetched" : "; REPARAM_REQUIRE_EXTERNAL=1 fetches it";
        RealData.Need(code == 0 || !s_notFetched.Any(text.Contains), "The runtime of the other platform is not among " +
            $"this machine's packages{remedy}. {FirstError(text)}");
        Assert.True(code == 0, text);
        return published;
    }

    private static string FirstError(string text) =>
        text.Split('\n').FirstOrDefault(line => s_notFetched.Any(line.Contains), "").Trim();

    private static (int ExitCode, string Output, string Errors) Run(
        string command, IEnumerable<string> arguments, params string[] environment)
    {
        using ReparamProcess process = ReparamProcess.StartCommand(command, arguments, environment)
            ?? throw new InvalidOperationException($"The command '{command}' is not installed.");
        Assert.True(process.EndsWithin(s_patience), $"{command} did not end within {s_patience}.");
        return process.Finish();
    }

    private static string[] Lines(int code, string output, string errors)
    {
        Assert.True(code == 0, $"exit code {code}: {errors}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
