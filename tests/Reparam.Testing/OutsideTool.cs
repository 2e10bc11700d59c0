using System.Diagnostics;

namespace Reparam.Testing;

/// <summary>Runs another program as an oracle, such as Python reading what we wrote.</summary>
public static class OutsideTool
{
    /// <summary>Runs a program and returns its exit code and output; skips or fails the running test where it is not
    /// installed.</summary>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // not installed: answered below
        }

        RealData.Need(process is not null, $"{program} is not installed.");
        using (process)
        {
            Task<string> errors = process!.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
    }
}
