using Reparam.Data;

namespace Reparam.Tests.Data;

public sealed class NumericArrayTests
{
    [Theory]
    [InlineData(ElementKind.Boolean, new byte[] { 2 }, 1)]
    [InlineData(ElementKind.Int8, new byte[] { 0xFF }, -1)]
    [InlineData(ElementKind.UInt16, new byte[] { 1, 0xFF }, 65281)]
    [InlineData(ElementKind.Int16, new byte[] { 0xFE, 0xFF }, -2)]
    [InlineData(ElementKind.UInt32, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, 4294967295)]
    [InlineData(ElementKind.UInt64, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 9223372036854775808)]
    [InlineData(ElementKind.Int64, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, -9223372036854775808)]
    [InlineData(ElementKind.Float32, new byte[] { 0, 0, 0xC0, 0x3F }, 1.5)]
    [InlineData(ElementKind.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F }, 1.5)]
    public void Elements_are_little_endian(ElementKind kind, byte[] content, double expected) =>
        Assert.Equal(expected, new NumericArray(kind, [1], content)[0]);

    [Fact]
    public void Content_must_fill_the_shape() =>
        Assert.Throws<ArgumentException>(() => new NumericArray(ElementKind.Int16, [2], new byte[3]));

    [Fact]
    public void Fractions_are_not_integers() =>
        Assert.Contains("Element 1", Assert.Throws<InvalidOperationException>(
            () => NumericArray.FromFloat32([2], [1, 1.5f]).ToInt32()).Message, StringComparison.Ordinal);
}
