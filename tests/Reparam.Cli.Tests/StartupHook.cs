using Reparam.Cli.Tests;

#pragma warning disable CA1050 // The runtime looks for this name outside every namespace.
/// <summary>
/// What the runtime calls before a program's first line where DOTNET_STARTUP_HOOKS names this assembly. It makes
/// another program of the command line.
/// </summary>
internal static class StartupHook
{
    /// <summary>The environment variable that says which program.</summary>
    public const string Variable = "TEST_STARTUP";

    /// <summary>The command line with a thread that fails with <see cref="Words"/> after two seconds.</summary>
    public const string ThreadFails = "thread fails";

    /// <summary>A program that runs one command line after the other.</summary>
    public const string Serve = "serve";

    public const string Words = "a thread of its own failed";

    public static void Initialize()
    {
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case ThreadFails:
                new Thread(() =>
                {
                    Thread.Sleep(2000);
                    throw new InvalidOperationException(Words);
                }) { IsBackground = true }.Start();
                return;
            case Serve:
                CommandLineServer.Serve();
                Environment.Exit(0);
                return;
        }
    }
}
