namespace Reparam.Examples;

/// <summary>Examples that the documentation shows: <c>dotnet run -c Release --project examples/Reparam.Examples -- NAME
/// [FOLDER] [--quick]</c>.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        bool quick = args.Contains("--quick");
        string[] words = [.. args.Where(a => a != "--quick")];
        if (words.Length is 1 or 2 && words.All(w => !w.StartsWith('-')))
        {
            string folder = words.Length == 2 ? words[1] : ".";
            Directory.CreateDirectory(folder);
            switch (words[0])
            {
                case "regression":
                    Regression.Run(folder, quick, Console.Out);
                    return 0;
                default:
                    break;
            }
        }

        Console.Error.WriteLine("""
            usage: Reparam.Examples NAME [FOLDER] [--quick]
              regression   a network with uncertain weights on one-dimensional data; draws regression.svg
            The pictures are written to FOLDER (default: the current folder). --quick does only a small part of the
            work, as a test.
            """);
        return 2;
    }
}
