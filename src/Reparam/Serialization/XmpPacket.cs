using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Reparam.Serialization;

/// <summary>
/// A <see cref="Provenance"/> as an XMP packet (ISO 16684-1): the IPTC property <c>DigitalSourceType</c>, the XMP
/// property <c>CreatorTool</c>, and properties of a namespace of this library.
/// </summary>
internal static class XmpPacket
{
    private const int MostCharacters = 1 << 20;

    private static readonly XNamespace s_meta = "adobe:ns:meta/", s_rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        s_xmp = "http://ns.adobe.com/xap/1.0/", s_iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
        s_own = "urn:reparam:provenance#";

    /// <summary>The packet as UTF-8. It is marked as read-only, as a packet in a PNG file must be: the checksum of its
    /// chunk does not allow a change in place.</summary>
    internal static byte[] Write(Provenance provenance)
    {
        var description = new XElement(s_rdf + "Description",
            new XAttribute(s_rdf + "about", ""),
            new XAttribute(XNamespace.Xmlns + "Iptc4xmpExt", s_iptc.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "xmp", s_xmp.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "reparam", s_own.NamespaceName));
        foreach ((XName name, string? value) in (ReadOnlySpan<(XName, string?)>)
        [
            (s_iptc + "DigitalSourceType", provenance.DigitalSourceType),
            (s_xmp + "CreatorTool", provenance.Software),
            (s_own + "Command", provenance.Command),
            (s_own + "Run", provenance.Run),
            (s_own + "Seed", provenance.Seed?.ToString(CultureInfo.InvariantCulture)),
            (s_own + "Data", provenance.Data),
            (s_own + "License", provenance.License),
        ])
        {
            if (value is not null) description.Add(new XElement(name, Provenance.Clean(value)));
        }

        var meta = new XElement(s_meta + "xmpmeta", new XAttribute(XNamespace.Xmlns + "x", s_meta.NamespaceName),
            new XElement(s_rdf + "RDF", new XAttribute(XNamespace.Xmlns + "rdf", s_rdf.NamespaceName), description));
        var text = new StringBuilder("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n");
        var format = new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" };
        using (var writer = XmlWriter.Create(text, format)) meta.WriteTo(writer);
        return Encoding.UTF8.GetBytes(text.Append("\n<?xpacket end=\"r\"?>").ToString());
    }

    /// <summary>Reads a packet of any program; null if it does not say how the media were made.</summary>
    /// <exception cref="XmlException">The packet is not XML.</exception>
    /// <exception cref="FormatException">The seed is not a whole number.</exception>
    internal static Provenance? Read(byte[] packet)
    {
        var limits = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters,
        };
        using var stream = new MemoryStream(packet);
        using var reader = XmlReader.Create(stream, limits);
        XElement[] descriptions = [.. XDocument.Load(reader).Descendants(s_rdf + "Description")];
        // A property may be an element or an attribute.
        string? Value(XName name) => descriptions.Select(
            d => d.Element(name)?.Value ?? d.Attribute(name)?.Value).FirstOrDefault(v => v is not null)?.Trim();
        return Value(s_iptc + "DigitalSourceType") is not { } type ? null : new Provenance
        {
            DigitalSourceType = type,
            Software = Value(s_xmp + "CreatorTool"),
            Command = Value(s_own + "Command"),
            Run = Value(s_own + "Run"),
            Seed = Value(s_own + "Seed") is not { } seed ? null
                : ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
                : throw new FormatException($"the seed '{seed}' is not a whole number"),
            Data = Value(s_own + "Data"),
            License = Value(s_own + "License"),
        };
    }
}
