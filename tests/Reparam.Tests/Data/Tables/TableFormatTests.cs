using Reparam.Data;

namespace Reparam.Tests.Data.Tables;

/// <summary>Which texts are numbers in a table, and which numbers they are.</summary>
public sealed class TableFormatTests
{
    [Theory]
    [InlineData("1234.5", '.', 1234.5)]
    [InlineData("1,234.5", '.', 1234.5)]
    [InlineData("-12,345,678", '.', -12345678)]
    [InlineData("1.234,5", ',', 1234.5)]
    [InlineData("0,5", ',', 0.5)]
    [InlineData(" 7 ", '.', 7)]
    [InlineData("1e-3", '.', 0.001)]
    public void Number_is_read_in_the_form_of_the_table(string text, char mark, double value)
    {
        Assert.True(new TableFormat(Decimal: mark).TryNumber(text, out double read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("12,34", '.')]
    [InlineData("1,2345", '.')]
    [InlineData(",123", '.')]
    [InlineData("1,234,5.6", '.')]
    [InlineData("1.5.2", '.')]
    [InlineData("0x10", '.')]
    [InlineData("Infinity", '.')]
    [InlineData("1e999", '.')]
    [InlineData("-", '.')]
    [InlineData("12 34", '.')]
    public void Text_that_is_no_number_is_none(string text, char mark) =>
        Assert.False(new TableFormat(Decimal: mark).TryNumber(text, out _));
}
