using Reparam.Configuration;

namespace Reparam.Tests.Configuration;

/// <summary>Lists of names in which a name may contain the mark between names.</summary>
public sealed class QuotedTextTests
{
    [Theory]
    [InlineData("a,b", "a", "b")]
    [InlineData(" a , b ,, ", "a", "b")]
    [InlineData("\"load, kW\",site", "load, kW", "site")]
    [InlineData("site, \"say \"\"a,b\"\"\"", "site", "say \"a,b\"")]
    [InlineData("5\" pipe,width", "5\" pipe", "width")]
    [InlineData("x\"\",y", "x\"\"", "y")]
    [InlineData("\"labels\"", "labels")]
    [InlineData("\" a\"", " a")]
    [InlineData("")]
    public void Names_are_those_of_a_line_of_a_CSV_file(string text, params string[] names)
    {
        Assert.Equal(names, QuotedText.List(text));
        Assert.Equal(names, QuotedText.List(QuotedText.Join(names)));
    }

    [Theory]
    [InlineData("\"a,b", "not closed")]
    [InlineData("\"a\"b", "follows the quotes")]
    [InlineData("x,\"a\"\"", "not closed")]
    public void Quotes_that_are_not_those_of_a_name_are_refused(string text, string message) => Assert.Contains(
        message, Assert.Throws<InvalidConfigException>(() => QuotedText.List(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Marks_in_quotes_are_no_marks() => Assert.Equal([1, 5], QuotedText.Places("a=\"=\"=\"=\"", '='));
}
