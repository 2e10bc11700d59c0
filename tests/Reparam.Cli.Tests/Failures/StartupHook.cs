#pragma warning disable CA1050 // The runtime looks for this name outside every namespace.
/// <summary>
/// Runs in the command line's own process before its Main, where a test asks the runtime for that
/// (DOTNET_STARTUP_HOOKS): starts a thread that fails a little later.
/// </summary>
internal static class StartupHook
{
    public const string Variable = "TEST_THREAD_FAILS", Words = "a thread of its own failed";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) return;
        new Thread(() =>
        {
            Thread.Sleep(2000);
            throw new InvalidOperationException(Words);
        }) { IsBackground = true }.Start();
    }
}
