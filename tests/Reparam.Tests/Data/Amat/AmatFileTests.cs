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
    [InlineData("0 11\n", 3)]
    [InlineData("0 2\n", 2)]
    [InlineData("0 1\n0 x\n", 6)]
    public void Other_text_is_refused_at_its_offset(string text, long offset) =>
        Assert.Equal(offset, Assert.Throws<InvalidDataFileException>(() => AmatFile.Read(File(text))).Offset);

    [Fact]
    public void Mutants_meet_only_the_typed_error() =>
        Mutations.Survive<InvalidDataFileException>(Encoding.ASCII.GetBytes("0 1 0\n1 1 1\n"), 4000, mutant => DataFile.Read(UnpackedFile.FromBytes("mutant", mutant)));

    private static UnpackedFile File(string text) => UnpackedFile.FromBytes("test.amat", Encoding.ASCII.GetBytes(text));
}
