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
    [InlineData(8, 0d, 300d, 0.5, 16777217d, double.NaN)]
    [InlineData(8, 0.1)]
    [InlineData(8, 1234567.891, 1e300, -1e-300)]
    public void Numbers_are_exact_in_the_narrowest_type(int width, params double[] numbers)
    {
        var cells = new ColumnCells();
        foreach (double number in numbers) cells.Add(number);
        Assert.Equal(width, cells.Width);
        for (int row = 0; row < numbers.Length; row++)
            Assert.Equal(BitConverter.DoubleToInt64Bits(numbers[row]), BitConverter.DoubleToInt64Bits(cells[row]));
    }
}
