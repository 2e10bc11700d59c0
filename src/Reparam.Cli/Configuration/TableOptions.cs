using System.CommandLine;
using System.CommandLine.Parsing;
using Reparam.Cli.Commands;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Runs;

namespace Reparam.Cli.Configuration;

/// <summary>The options of <c>train</c> that say how a table is read, in another command.</summary>
internal sealed class TableOptions
{
    private readonly IReadOnlyList<(Flag Flag, Option<string> Option)> _options;

    /// <param name="keys">The paths of the keys that the command takes.</param>
    public TableOptions(params string[] keys) =>
        _options = [.. ConfigOptions.All(Catalog.BuiltIn).Where(o => keys.Contains(o.Flag.Path))];

    public void AddTo(Command command) => SharedOptions.AddTo(command, [.. _options.Select(o => o.Option)]);

    /// <summary>The settings of a run on a table.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="table">The path of the table.</param>
    /// <exception cref="InvalidConfigException">A value is out of range.</exception>
    public RunSettings Read(ParseResult parsed, string table)
    {
        var tree = new ConfigurationTree(RunSettings.ForTables, Catalog.BuiltIn);
        tree.Set(_options.Where(o => parsed.GetResult(o.Option) is OptionResult { Implicit: false })
            .Select(o => (o.Flag.Path, parsed.GetValue(o.Option) ?? "", o.Flag.Name)));
        var settings = (RunSettings)tree.Read("the options");
        return RunData.WithFullPath(settings with { Data = settings.Data with { Name = table } });
    }

    /// <summary>Sets the handler of a command with these options. Messages of the library have the options in place of
    /// keys.</summary>
    public void SetHandler(Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetHandler((parsed, cancellation) =>
        {
            try
            {
                return run(parsed, cancellation);
            }
            catch (InvalidConfigException failure)
            {
                throw new InvalidConfigException(WithOptions(failure.Message), failure);
            }
            catch (InvalidDataFileException failure) when (WithOptions(failure.Message) != failure.Message)
            {
                string name = $"'{failure.Path}': ";
                throw new InvalidDataFileException(
                    failure.Path, WithOptions(failure.Message).Replace(name, "", StringComparison.Ordinal), failure);
            }
        });

    /// <summary>A message of the library with the options in place of keys.</summary>
    public string WithOptions(string message) => _options.Aggregate(
        message, (text, o) => text.Replace(o.Flag.Path, o.Flag.Name, StringComparison.Ordinal));
}
