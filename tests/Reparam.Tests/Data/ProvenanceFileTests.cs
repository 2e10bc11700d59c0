using System.Text;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Testing;
using Reparam.Tests.Data.Images;

namespace Reparam.Tests.Data;

/// <summary>The marks of generated files: in a PNG, and beside other files.</summary>
public sealed class ProvenanceFileTests : IDisposable
{
    private const string Generated = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    private static readonly Provenance Mark = new()
    {
        Command = "reparam sample", Run = new string('a', 64), Seed = ulong.MaxValue, Data = "Größen & <Maße>.csv",
        License = "CC-BY-4.0",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Picture_has_its_mark_and_the_same_bytes_each_time()
    {
        PngImage image = Image();
        byte[] marked = image.Encode(Mark);
        Assert.Equal(marked, image.Encode(Mark));
        Assert.Equal(Mark, Read(marked));
        Assert.Null(Read(image.Encode()));
        // The chunk alone is added: the header before it and the pixels after it are the same.
        byte[] plain = image.Encode();
        Assert.Equal(plain[..33], marked[..33]);
        Assert.Equal(plain[33..], marked[^(plain.Length - 33)..]);
        Assert.Equal(image.Samples.ToArray(), PngDecoder.Instance.Decode("a.png", marked).Samples.ToArray());
    }

    [Fact]
    public void Python_finds_the_mark_by_the_standards()
    {
        string path = _folder.Holding("a.png", Image().Encode(Mark));
        const string script = """
            import struct, sys, xml.etree.ElementTree as e
            b = open(sys.argv[1], 'rb').read(); at = 8
            while at < len(b):
                n, t = struct.unpack('>I4s', b[at:at + 8]); d = b[at + 8:at + 8 + n]; at += 12 + n
                if t == b'IDAT': break
                if t == b'iTXt':
                    keyword, rest = d.split(b'\0', 1); compressed, method = rest[0], rest[1]
                    language, translated, text = rest[2:].split(b'\0', 2)
                    print(keyword.decode(), compressed, method, language, translated, text[-19:].decode())
                    for x in e.fromstring(text.decode()).iter():
                        if x.text and x.text.strip(): print(x.tag, ascii(x.text))
            """;
        (int code, string output) = OutsideTool.Run("python3", "-c", script, path);
        Assert.True(code == 0, output);
        Assert.Equal($$"""
            XML:com.adobe.xmp 0 0 b'' b'' <?xpacket end="r"?>
            {http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType '{{Generated}}'
            {http://ns.adobe.com/xap/1.0/}CreatorTool '{{new Provenance().Software}}'
            {urn:reparam:provenance#}Command 'reparam sample'
            {urn:reparam:provenance#}Run '{{Mark.Run}}'
            {urn:reparam:provenance#}Seed '18446744073709551615'
            {urn:reparam:provenance#}Data 'Gr\xf6\xdfen & <Ma\xdfe>.csv'
            {urn:reparam:provenance#}License 'CC-BY-4.0'
            """.ReplaceLineEndings("\n"), output.Trim());
    }

    [Fact]
    public void Packet_of_another_program_is_read_also_compressed_and_with_attributes()
    {
        const string packet = """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about=""/>
            <rdf:Description rdf:about="" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
              e:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"/>
            </rdf:RDF></x:xmpmeta>
            """;
        Provenance photo = Read(WithText([0, 0], Encoding.UTF8.GetBytes(packet)))!;
        Assert.EndsWith("digitalCapture", photo.DigitalSourceType, StringComparison.Ordinal);
        Assert.False(photo.IsGenerated);
        Assert.Equal((null, null, null), (photo.Software, photo.Run, photo.Seed));
        Assert.Equal(photo, Read(WithText([1, 0], Packing.Zlib(Encoding.UTF8.GetBytes(packet)))));
        Assert.Null(Read(WithText([0, 0], Encoding.UTF8.GetBytes(packet.Replace(
            "DigitalSourceType", "Other", StringComparison.Ordinal)))));
    }

    [Theory]
    [InlineData("<x", "its XMP packet, which says how the picture was made, is damaged")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "is damaged")]
    [InlineData("", "is damaged")]
    public void Damaged_packet_is_told_with_its_place(string packet, string words)
    {
        InvalidDataFileException failure = Assert.Throws<InvalidDataFileException>(
            () => Read(WithText([0, 0], Encoding.UTF8.GetBytes(packet))));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Equal(33, failure.Offset);
    }

    [Fact]
    public void Cut_or_altered_picture_is_refused_wherever_it_is_cut()
    {
        byte[] whole = Image().Encode(Mark);
        for (int length = 0; length < whole.Length; length += 7)
            Assert.Throws<InvalidDataFileException>(() => Read(whole[..length]));
        byte[] altered = [.. whole];
        altered[300] ^= 1;
        Assert.Contains("checksum", Assert.Throws<InvalidDataFileException>(
            () => Read(altered)).Message, StringComparison.Ordinal);
        // With the right checksum, a changed seed is no number.
        byte[] text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(whole.AsSpan(63, whole.AsSpan().IndexOf(
            "IDAT"u8) - 8 - 63)).Replace("18446744073709551615", "many", StringComparison.Ordinal));
        Assert.Contains("the seed 'many'", Assert.Throws<InvalidDataFileException>(
            () => Read(WithText([0, 0], text))).Message, StringComparison.Ordinal);
        Assert.Contains("the text of its XMP packet is missing", Assert.Throws<InvalidDataFileException>(
            () => Read(WithChunk([0, 0, 0]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unpacked_packet_has_a_bound()
    {
        byte[] bomb = Packing.Zlib(new byte[50_000_000]);
        Assert.Contains("more than 1048576 bytes", Assert.Throws<InvalidDataFileException>(
            () => Read(WithText([1, 0], bomb))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_has_its_mark_beside_it_and_a_change_is_noticed()
    {
        string table = _folder.Holding("rows.csv", "a,b\n1,2\n"u8);
        Assert.Null(ProvenanceFile.Read(table));
        ProvenanceFile.WriteBeside(table, Mark);
        byte[] first = File.ReadAllBytes(_folder.File("rows.csv.json"));
        ProvenanceFile.WriteBeside(table, Mark);
        Assert.Equal(first, File.ReadAllBytes(_folder.File("rows.csv.json")));
        Provenance read = ProvenanceFile.Read(table)!;
        // As sha256sum prints it.
        Assert.Equal(Mark with
        {
            Sha256 = "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470",
        }, read);
        Assert.True(ProvenanceFile.IsUnchanged(table, read));
        File.AppendAllText(table, "3,4\n");
        Assert.False(ProvenanceFile.IsUnchanged(table, read));
    }

    [Fact]
    public void File_of_another_program_beside_a_table_is_no_mark_and_is_not_replaced()
    {
        string table = _folder.Holding("rows.csv", "a\n1\n"u8), mark = _folder.File("rows.csv.json");
        Assert.True(ProvenanceFile.CanWriteBeside(table));
        foreach (string other in (string[])["""{ "seed": "x", "license": { } }""", "[]", "3"])
        {
            File.WriteAllText(mark, other);
            Assert.Null(ProvenanceFile.Read(table));
            Assert.False(ProvenanceFile.CanWriteBeside(table));
        }

        foreach (string damaged in (string[])["", "{", """{ "digitalSourceType": 3 }""",
            """{ "digitalSourceType": null }""", """{ "digitalSourceType": "a", "seed": -1 }"""])
        {
            File.WriteAllText(mark, damaged);
            Assert.Contains("rows.csv.json", Assert.Throws<InvalidDataFileException>(
                () => ProvenanceFile.Read(table)).Message, StringComparison.Ordinal);
            Assert.False(ProvenanceFile.CanWriteBeside(table));
        }

        File.Delete(mark);
        ProvenanceFile.WriteBeside(table, Mark);
        Assert.True(ProvenanceFile.CanWriteBeside(table));
        File.Delete(mark);
        Directory.CreateDirectory(mark);
        Assert.False(ProvenanceFile.CanWriteBeside(table));
    }

    [Fact]
    public void Texts_that_no_format_holds_are_cleaned()
    {
        Provenance odd = Mark with { Data = "a\n\0\u0001b\ud800c\uffff🙂", License = "x\ry" };
        Provenance expected = odd with { Data = "a\ufffd\ufffd\ufffdb\ufffdc\ufffd🙂", License = "x\ufffdy" };
        Assert.Equal(expected, Read(Image().Encode(odd)));
        string table = _folder.Holding("rows.csv", "a\n1\n"u8);
        ProvenanceFile.WriteBeside(table, odd);
        Assert.Equal(expected, ProvenanceFile.Read(table)! with { Sha256 = null });
    }

    private static PngImage Image() => new(5, 4, 3, [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 7))]);

    private Provenance? Read(byte[] png) => ProvenanceFile.Read(_folder.Holding("read.png", png));

    /// <summary>A picture with an iTXt chunk: the flag and the method of compression, no language, no translated
    /// keyword, and a text.</summary>
    private static byte[] WithText(byte[] compression, byte[] text) => WithChunk([.. compression, 0, 0, .. text]);

    private static byte[] WithChunk(byte[] rest)
    {
        byte[] plain = Image().Encode();
        using var file = new MemoryStream();
        file.Write(plain.AsSpan(0, 33));
        PngBuilder.Chunk(file, "iTXt"u8, [.. "XML:com.adobe.xmp\0"u8, .. rest]);
        file.Write(plain.AsSpan(33));
        return file.ToArray();
    }
}
