using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;
using Reparam.Configuration;

namespace Reparam.Cli.Configuration;

/// <summary>Makes every option that takes a number read it with <see cref="NumberText"/>.</summary>
internal static class NumberOptions
{
    /// <summary>Sets the parsers of all options of a command and of its subcommands.</summary>
    public static void ReadStrictly(Command command)
    {
        foreach (Option option in command.Options)
        {
            switch (option)
            {
                case Option<int> whole: whole.CustomParser = Whole<int>; break;
                case Option<int?> whole: whole.CustomParser = result => Whole<int>(result); break;
                case Option<long> whole: whole.CustomParser = Whole<long>; break;
                case Option<ulong?> whole: whole.CustomParser = result => Whole<ulong>(result); break;
                case Option<double> real: real.CustomParser = Real; break;
                case Option<double?> real: real.CustomParser = result => Real(result); break;
                default:
                    Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
                    if (type.IsPrimitive && type != typeof(bool))
                    {
                        throw new InvalidOperationException(
                            $"{option.Name} has the type {type}, for which there is no parser here.");
                    }

                    break;
            }
        }

        foreach (Command below in command.Subcommands) ReadStrictly(below);
    }

    private static T Whole<T>(ArgumentResult result)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string text = TextOf(result);
        if (NumberText.TryWhole(text, out T value)) return value;
        string range = T.MinValue == T.Zero || IsWhole(text) ? $" from {T.MinValue} to {T.MaxValue}" : "";
        result.AddError($"{NameOf(result)} takes a whole number{range}, not '{text}'.");
        return default;
    }

    private static double Real(ArgumentResult result)
    {
        string text = TextOf(result);
        if (NumberText.TryReal(text, out double value)) return value;
        result.AddError(NumberText.WithPoint(text) is { } pointed
            ? $"{NameOf(result)} {text}: numbers are written with a point: {pointed}"
            : $"{NameOf(result)} takes a finite number, not '{text}'.");
        return default;
    }

    private static bool IsWhole(string text) => NumberText.TryWhole(text, out BigInteger _);

    private static string TextOf(ArgumentResult result) => result.Tokens is [.., var last] ? last.Value : "";

    private static string NameOf(ArgumentResult result) =>
        (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
}
