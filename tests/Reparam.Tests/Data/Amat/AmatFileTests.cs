using System.Text;
using Reparam.Data;

namespace Reparam.Tests.Data.Amat;

public sealed class AmatFileTests
{
    [Theory]
    [InlineData("0 1 0\n1 1 1\n")]
    [InlineData("0 1 0\n1 1 1")]
    [InlineData("0 1 0 \r\n1\t1 1\r\n\n")]
    public void Rows_of_digits_are_read(string text)
    {
        NumericArray array = DataFile.Read(File(text));
        Assert.Equal([2, 3], array.Shape);
        Assert.Equal([0, 1, 0, 1, 1, 1], array.Content.ToArray());
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n\n", 0)]
    [InlineData("0 1\n0\n", 5)]
    [InlineData("0 01\n", 2)]
    [InlineData("0 1\n0 x\n", 6)]
    [InlineData("0.5 1\n0\n", 7)]
    [InlineData("0.5,,1\n", 4)]
    [InlineData(",1\n", 0)]
    [InlineData("1,\n", 2)]
    [InlineData("1 2e\n", 2)]
    [InlineData("1 --2\n", 2)]
    [InlineData("# only a comment\n", 0)]
    public void Other_text_is_refused_at_its_offset(string text, long offset) =>
        Assert.Equal(offset, Assert.Throws<InvalidDataFileException>(() => AmatFile.Read(File(text))).Offset);

    [Fact]
    public void Other_numbers_are_read_as_they_are()
    {
        Assert.Equal([0, 11, 10, 1], DataFile.Read(File("0 11\n10 1\n")).ToFloat64());
        Assert.Equal([0.25, -3e5, double.PositiveInfinity, double.NaN],
            DataFile.Read(File(".25,-3E5\n+inf,nan # missing\n")).ToFloat64());
    }

    [Theory]
    [InlineData("0 1 0\n1 1 1\n")]
    [InlineData("# a,b\n1.5e3,-0.25\n2;7\n")]
    public void Mutants_meet_only_the_typed_error(string text) =>
        Mutations.Survive<InvalidDataFileException>(
            Encoding.ASCII.GetBytes(text), 4000, mutant => DataFile.Read(UnpackedFile.FromBytes("mutant", mutant)));

    private static UnpackedFile File(string text) => UnpackedFile.FromBytes("test.amat", Encoding.ASCII.GetBytes(text));
}
