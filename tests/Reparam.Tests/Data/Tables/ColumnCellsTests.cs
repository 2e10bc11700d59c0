using System.Globalization;
using Reparam.Data;

namespace Reparam.Tests.Data.Tables;

/// <summary>Numbers of a column come back to the bit, in the narrowest type that holds all of them.</summary>
public sealed class ColumnCellsTests
{
    [Theory]
    [InlineData(1, 0d, 254d, double.NaN)]
    [InlineData(2, 0d, 255d, double.NaN)]
    [InlineData(2, -1d, double.NaN, 32767d, -32767d)]
    [InlineData(4, -32768d, 3d)]
    [InlineData(4, double.NaN, 0.5, -1.75, 16777216d)]
    [InlineData(4, 0d, 300d, 0.5, 16777217d, double.NaN)]
    [InlineData(1, 0.1, 25.4, double.NaN)]
    [InlineData(2, 0.1, 25.5, -3276.7)]
    [InlineData(2, 300d, 0.25, 7d, 1.1)]
    [InlineData(4, 2147.48, -0.000001)]
    [InlineData(8, 2147.49, -0.000001)]
    [InlineData(4, 1d / 512, 0.123456789)]
    [InlineData(4, 0.10000000149011612, 1.5)] // a float that is no short decimal
    [InlineData(4, 2147483647d, 3d)]
    [InlineData(4, 214748364.7, double.NaN)]
    [InlineData(8, 2147483648.5, 0.1)]
    [InlineData(8, 0.1, 0.10000000149011612)]
    [InlineData(8, 0.30000000000000004)]
    [InlineData(8, 1234567.891, 1e300, -1e-300)]
    [InlineData(8, double.PositiveInfinity, 0.1)]
    public void Numbers_are_exact_in_the_narrowest_type(int width, params double[] numbers)
    {
        var cells = new ColumnCells();
        foreach (double number in numbers) cells.Add(number);
        Assert.Equal(width, cells.Width);
        for (int row = 0; row < numbers.Length; row++)
            Assert.Equal(BitConverter.DoubleToInt64Bits(numbers[row]), BitConverter.DoubleToInt64Bits(cells[row]));
    }

    [Fact]
    public void Each_decimal_of_a_text_comes_back_as_it_was_read()
    {
        for (int decimals = 0; decimals <= 9; decimals++)
        {
            var cells = new ColumnCells();
            double[] read = [.. Enumerable.Range(0, 20_000).Select(i =>
            {
                string digits = $"{i * 104_729L % 2_000_000_000:D10}";
                return double.Parse($"{digits[..^decimals]}.{digits[^decimals..]}0", CultureInfo.InvariantCulture);
            })];
            foreach (double number in read) cells.Add(number);
            Assert.Equal(4, cells.Width);
            Assert.Equal(read, Enumerable.Range(0, read.Length).Select(row => cells[row]));
        }
    }
}
