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

    // The seconds are those of GNU date: date -u -d 2021-12-31 +%s.
    [Theory]
    [InlineData("31.12.2021", DateOrder.DayFirst, 1640908800)]
    [InlineData("31/12/2021", DateOrder.DayFirst, 1640908800)]
    [InlineData("12/31/2021", DateOrder.MonthFirst, 1640908800)]
    [InlineData("1-2-2021", DateOrder.DayFirst, 1612137600)]
    [InlineData("1-2-2021", DateOrder.MonthFirst, 1609545600)]
    [InlineData(" 29.02.2024 23:59:58 ", DateOrder.DayFirst, 1709251198)]
    [InlineData("29.02.2024 23:59", DateOrder.DayFirst, 1709251140)]
    [InlineData("2021-12-31", DateOrder.DayFirst, 1640908800)]
    public void Date_is_read_in_its_order(string text, DateOrder order, double seconds)
    {
        Assert.True(TableFormat.TryDate(text, order, out double read));
        Assert.Equal(seconds, read);
    }

    [Theory]
    [InlineData("31.12.2021", DateOrder.MonthFirst)]
    [InlineData("31.12.2021", DateOrder.YearFirst)]
    [InlineData("29.02.2023", DateOrder.DayFirst)]
    [InlineData("00.01.2023", DateOrder.DayFirst)]
    [InlineData("31.12.21", DateOrder.DayFirst)]
    [InlineData("31.12/2021", DateOrder.DayFirst)]
    [InlineData("31.12.2021x", DateOrder.DayFirst)]
    [InlineData("31.12.2021 24:00", DateOrder.DayFirst)]
    [InlineData("1.2.0000", DateOrder.DayFirst)]
    [InlineData("31.12.", DateOrder.DayFirst)]
    public void Text_that_is_no_date_of_the_order_is_none(string text, DateOrder order)
    {
        Assert.False(TableFormat.TryDate(text, order, out double read));
        Assert.Equal(double.NaN, read);
    }
}
