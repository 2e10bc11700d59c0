using System.Text;
using Reparam.Serialization;
using Reparam.Testing;
using Reparam.Tests.Data;

namespace Reparam.Tests.Serialization;

public sealed class SafetensorsFileTests
{
    private static readonly SafetensorsFile Sample = new(
        [
            SafetensorsEntry.FromFloat32("b.weight", [2, 3], [1, 2, 3, 4, 5, -0f]),
            SafetensorsEntry.FromFloat32("a.weight", [1], [float.NaN]),
            SafetensorsEntry.FromInt64("step", [], [long.MaxValue]),
            SafetensorsEntry.FromFloat64("empty", [0, 4], []),
            new SafetensorsEntry("half", SafetensorsType.Float16, [2], new byte[] { 0, 0x3C, 0, 0xC0 }),
            new SafetensorsEntry("brain", SafetensorsType.BFloat16, [1], new byte[] { 0x80, 0x3F }),
            new SafetensorsEntry("flags", SafetensorsType.Bool, [3], new byte[] { 1, 0, 1 }),
        ],
        new Dictionary<string, string> { ["format"] = "pt", ["a"] = "é\n\"" });

    [Fact]
    public void Written_tensors_read_back_in_the_order_of_the_format()
    {
        SafetensorsFile back = Read(Bytes(Sample));
        Assert.Equal(["step", "empty", "a.weight", "b.weight", "brain", "half", "flags"],
            back.Entries.Select(entry => entry.Name));
        Assert.Equal([1, 2, 3, 4, 5, -0f], back["b.weight"].ToFloat32());
        Assert.True(float.IsNegative(back["b.weight"].ToFloat32()[5]));
        Assert.Equal([1.0, -2.0], back["half"].ToFloat64());
        Assert.Equal([1f], back["brain"].ToFloat32());
        Assert.Equal([long.MaxValue], back["step"].ToInt64());
        Assert.Equal([0, 4], back["empty"].Shape);
        Assert.Equal("é\n\"", back.Metadata["a"]);
        Assert.Equal(Bytes(Sample), Bytes(back));
    }

    [Fact]
    public void Small_file_is_the_bytes_of_the_format()
    {
        byte[] bytes = Bytes(new SafetensorsFile([SafetensorsEntry.FromFloat32("x", [1], [1f])]));
        const string header = """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  """;
        Assert.Equal(
            [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3F], bytes);
        Assert.Equal(0, header.Length % 8);
    }

    [Fact]
    public void Python_reads_what_is_written()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("m.safetensors");
        Sample.Write(path);
        const string script = """
            import json, struct, sys
            b = open(sys.argv[1], 'rb').read()
            n = struct.unpack('<Q', b[:8])[0]
            h = json.loads(b[8:8 + n].decode('utf-8'))
            begin, end = h['b.weight']['data_offsets']
            last = max(v['data_offsets'][1] for k, v in h.items() if k != '__metadata__')
            numbers = struct.unpack('<6f', b[8 + n + begin:8 + n + end])
            print((8 + n) % 8, h['__metadata__']['format'], h['b.weight']['shape'], numbers, len(b) == 8 + n + last)
            """;
        (int code, string output) = OutsideTool.Run("python3", "-c", script, path);
        Assert.Equal("0 pt [2, 3] (1.0, 2.0, 3.0, 4.0, 5.0, -0.0) True", output.Trim());
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("""  {"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""")]
    [InlineData("\t\r\n{\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}\n")]
    [InlineData(
        """{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},""" +
        """ "z":{"dtype":"F32","shape":[7,0],"data_offsets":[1,1]},""" +
        """ "y":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}""")]
    public void Unusual_but_valid_headers_are_read(string header) => Assert.True(Read(File(header, 2)).Contains("x"));

    [Theory]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}""", "JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("", "JSON")]
    [InlineData(
        """{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        "repeats")]
    [InlineData("""{"x":{"dtype":"U8","dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "repeats")]
    [InlineData(
        """{"__metadata__":{"a":"1","a":"2"},"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "repeats")]
    [InlineData("""{"__metadata__":{"a":1},"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "not text")]
    [InlineData("""{"__metadata__":{"a":{}},"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "not text")]
    [InlineData("""{"__metadata__":"a","x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "map")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "JSON")]
    [InlineData("""{"x":{"shape":[2],"data_offsets":[0,2]}}""", "lacks")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2,2]}}""", "lacks")]
    [InlineData("""{"x":{"dtype":"I16","shape":[1],"data_offsets":[0,2]}}""", "I16")]
    [InlineData("""{"x":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}""", "F4")]
    [InlineData("""{"x":{"dtype":"F33","shape":[2],"data_offsets":[0,2]}}""", "does not know")]
    [InlineData("""{"x":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}""", "whole number")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}""", "whole number")]
    [InlineData("""{"x":{"dtype":"U8","shape":["2"],"data_offsets":[0,2]}}""", "whole number")]
    [InlineData(
        """{"x":{"dtype":"U8","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,2]}}""", "more elements")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2147483647],"data_offsets":[0,2]}}""", "more elements")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,2]}}""", "axes")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", "gap")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}""", "gap")]
    [InlineData(
        """{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        "overlap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,2]}}""", "needs 4 bytes")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "extra bytes")]
    [InlineData("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "cut short")]
    public void Each_rule_has_a_file_that_breaks_it(string header, string reason) => Refused(File(header, 2), reason);

    [Fact]
    public void Broken_prefixes_are_refused()
    {
        Refused([1, 2, 3], "at least 8");
        Refused([1, 0xE1, 0xF5, 5, 0, 0, 0, 0], "more than the format allows"); // 100,000,001
        Refused([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "more than the format allows");
        Refused([3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'], "2 follow");
        Refused([4, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xC3, 0x28, (byte)'}'], "UTF-8");
    }

    [Fact]
    public void Hundred_thousand_overlapping_tensors_are_refused_without_reading_them()
    {
        StringBuilder header = new("{");
        for (int i = 0; i < 100_000; i++)
        {
            header.Append(i == 0 ? "" : ",").Append('"').Append(i).Append(
                "\":{\"dtype\":\"U8\",\"shape\":[1000],\"data_offsets\":[0,1000]}");
        }

        Refused(File(header.Append('}').ToString(), 1000), "overlap");
    }

    [Fact]
    public void Limits_hold_and_can_be_raised()
    {
        byte[] bytes = Bytes(Sample);
        Refused(bytes, "MaxTensors", new ReadLimits { MaxTensors = 3 });
        Refused(bytes, "MaxHeaderBytes", new ReadLimits { MaxHeaderBytes = 10 });
        Refused(bytes, "MaxFileBytes", new ReadLimits { MaxFileBytes = 10 });
        Refused(bytes, "MaxNameLength", new ReadLimits { MaxNameLength = 4 });
    }

    [Fact]
    public void Deep_nesting_is_refused() => Refused(File(new string('[', 100_000), 0), "JSON");

    [Fact]
    public void Repeated_and_reserved_names_cannot_be_written()
    {
        SafetensorsEntry x = SafetensorsEntry.FromFloat32("x", [1], [1]);
        Assert.Throws<ArgumentException>(() => new SafetensorsFile([x, x]));
        Assert.Throws<ArgumentException>(
            () => new SafetensorsFile([SafetensorsEntry.FromFloat32("__metadata__", [1], [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.FromFloat32("x", [2], [1]));
    }

    [Fact]
    public void Mutants_meet_only_the_typed_error() =>
        Mutations.Survive<InvalidModelException>(Bytes(Sample), 8000, mutant => Read(mutant));

    private static void Refused(byte[] content, string reason, ReadLimits? limits = null)
    {
        using MemoryStream stream = new(content);
        InvalidModelException error = Assert.Throws<InvalidModelException>(
            () => SafetensorsFile.Read(stream, "some.safetensors", limits));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal("some.safetensors", error.Path);
    }

    private static byte[] File(string header, int data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[data]];
    }

    private static SafetensorsFile Read(byte[] content) =>
        SafetensorsFile.Read(new MemoryStream(content), "some.safetensors");

    private static byte[] Bytes(SafetensorsFile file)
    {
        using MemoryStream stream = new();
        file.Write(stream);
        return stream.ToArray();
    }
}
