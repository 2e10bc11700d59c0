using System.Text.Json.Nodes;

namespace Reparam.Configuration;

public abstract partial class Setting
{
    /// <summary>A whole number.</summary>
    /// <param name="name">The key.</param>
    /// <param name="get">Reads the value from a record.</param>
    /// <param name="with">Returns a copy of the record with another value.</param>
    /// <param name="help">What the setting does, in one line.</param>
    /// <param name="minimum">The smallest number that is accepted.</param>
    /// <param name="maximum">The largest number that is accepted.</param>
    public static Setting Whole<TSettings>(
        string name, Func<TSettings, int> get, Func<TSettings, int, TSettings> with, string help, int minimum = 0,
        int maximum = int.MaxValue)
        where TSettings : Settings =>
            new Of<TSettings, int>(name, help, get, with, new WholeValue<int>(minimum, maximum));

    /// <inheritdoc cref="Whole{TSettings}(
    /// string, Func{TSettings, int}, Func{TSettings, int, TSettings}, string, int, int)"/>
    public static Setting Whole<TSettings>(
        string name, Func<TSettings, long> get, Func<TSettings, long, TSettings> with, string help, long minimum = 0,
        long maximum = long.MaxValue)
        where TSettings : Settings =>
            new Of<TSettings, long>(name, help, get, with, new WholeValue<long>(minimum, maximum));

    /// <inheritdoc cref="Whole{TSettings}(
    /// string, Func{TSettings, int}, Func{TSettings, int, TSettings}, string, int, int)"/>
    public static Setting Whole<TSettings>(
        string name, Func<TSettings, ulong> get, Func<TSettings, ulong, TSettings> with, string help)
        where TSettings : Settings =>
            new Of<TSettings, ulong>(name, help, get, with, new WholeValue<ulong>(0, ulong.MaxValue));

    /// <summary>A real number.</summary>
    /// <param name="name">The key.</param>
    /// <param name="get">Reads the value from a record.</param>
    /// <param name="with">Returns a copy of the record with another value.</param>
    /// <param name="help">What the setting does, in one line.</param>
    /// <param name="bounds">The numbers that are accepted.</param>
    public static Setting Real<TSettings>(
        string name, Func<TSettings, double> get, Func<TSettings, double, TSettings> with, string help, Bounds bounds)
        where TSettings : Settings => new Of<TSettings, double>(name, help, get, with, new RealValue(bounds));

    /// <summary>A real number, or null. Null lets the member choose the number.</summary>
    /// <inheritdoc cref="Real"/>
    public static Setting OpenReal<TSettings>(
        string name, Func<TSettings, double?> get, Func<TSettings, double?, TSettings> with, string help, Bounds bounds)
        where TSettings : Settings =>
        new Of<TSettings, double?>(name, help, get, with, new OpenNumber<double>(new RealValue(bounds)));

    /// <summary>A whole number, or null. Null lets the member choose the number.</summary>
    /// <inheritdoc cref="Whole{TSettings}(
    /// string, Func{TSettings, int}, Func{TSettings, int, TSettings}, string, int, int)"/>
    public static Setting OpenWhole<TSettings>(
        string name, Func<TSettings, int?> get, Func<TSettings, int?, TSettings> with, string help, int minimum = 0,
        int maximum = int.MaxValue)
        where TSettings : Settings =>
        new Of<TSettings, int?>(name, help, get, with, new OpenNumber<int>(new WholeValue<int>(minimum, maximum)));

    /// <summary>True or false.</summary>
    public static Setting Truth<TSettings>(
        string name, Func<TSettings, bool> get, Func<TSettings, bool, TSettings> with, string help)
        where TSettings : Settings => new Of<TSettings, bool>(name, help, get, with, new TruthValue());

    /// <summary>A text, such as a path.</summary>
    /// <param name="name">The key.</param>
    /// <param name="get">Reads the value from a record.</param>
    /// <param name="with">Returns a copy of the record with another value.</param>
    /// <param name="help">What the setting does, in one line.</param>
    /// <param name="placeholder">The placeholder for the value in help texts.</param>
    public static Setting Text<TSettings>(
        string name, Func<TSettings, string> get, Func<TSettings, string, TSettings> with, string help,
        string placeholder)
        where TSettings : Settings => new Of<TSettings, string>(name, help, get, with, new TextValue(placeholder));

    /// <summary>A text that <see cref="QuotedText"/> reads. Quotes at its beginning belong to it.</summary>
    /// <inheritdoc cref="Text"/>
    internal static Setting Quoted<TSettings>(
        string name, Func<TSettings, string> get, Func<TSettings, string, TSettings> with, string help,
        string placeholder)
        where TSettings : Settings =>
            new Of<TSettings, string>(name, help, get, with, new TextValue(placeholder, isJson: false));

    /// <summary>One of several values, each chosen by its name.</summary>
    /// <param name="name">The key.</param>
    /// <param name="get">Reads the value from a record.</param>
    /// <param name="with">Returns a copy of the record with another value.</param>
    /// <param name="help">What the setting does, in one line.</param>
    /// <param name="choices">The values with their names.</param>
    public static Setting Choice<TSettings, TValue>(
        string name, Func<TSettings, TValue> get, Func<TSettings, TValue, TSettings> with, string help,
        params IReadOnlyList<(string Name, TValue Value)> choices)
        where TSettings : Settings =>
            new Of<TSettings, TValue>(name, help, get, with, new ChoiceValue<TValue>(choices));

    /// <summary>A list of whole numbers, such as the widths of layers.</summary>
    /// <param name="name">The key.</param>
    /// <param name="get">Reads the numbers from a record.</param>
    /// <param name="with">Returns a copy of the record with other numbers.</param>
    /// <param name="help">What the setting does, in one line.</param>
    /// <param name="minimum">The smallest number that is accepted.</param>
    /// <param name="maximum">The largest number that is accepted.</param>
    /// <param name="most">The largest number of entries.</param>
    public static Setting Wholes<TSettings>(
        string name, Func<TSettings, IReadOnlyList<int>> get, Func<TSettings, IReadOnlyList<int>, TSettings> with,
        string help, int minimum, int maximum, int most)
        where TSettings : Settings =>
        new Of<TSettings, IReadOnlyList<int>>(name, help, get, with, new WholesValue(minimum, maximum, most));

    /// <summary>A list of whole numbers, or null. Null lets the member choose the numbers.</summary>
    /// <inheritdoc cref="Wholes"/>
    public static Setting OpenWholes<TSettings>(
        string name, Func<TSettings, IReadOnlyList<int>?> get, Func<TSettings, IReadOnlyList<int>?, TSettings> with,
        string help, int minimum, int maximum, int most)
        where TSettings : Settings =>
        new Of<TSettings, IReadOnlyList<int>?>(
            name, help, get, with, new OpenValue<IReadOnlyList<int>>(new WholesValue(minimum, maximum, most)));

    /// <summary>One of several values, each chosen by its name, or null. Null lets the member choose the
    /// value.</summary>
    /// <inheritdoc cref="Choice"/>
    public static Setting OpenChoice<TSettings, TValue>(
        string name, Func<TSettings, TValue?> get, Func<TSettings, TValue?, TSettings> with, string help,
        params IReadOnlyList<(string Name, TValue Value)> choices)
        where TSettings : Settings
        where TValue : class =>
            new Of<TSettings, TValue?>(name, help, get, with, new OpenValue<TValue>(new ChoiceValue<TValue>(choices)));

    /// <summary>A section: the settings of one of several kinds.</summary>
    /// <param name="name">The key.</param>
    /// <param name="get">Reads the value from a record.</param>
    /// <param name="with">Returns a copy of the record with another value.</param>
    /// <param name="help">What the section chooses, in one line.</param>
    public static Setting Section<TSettings, TMember>(
        string name, Func<TSettings, TMember> get, Func<TSettings, TMember, TSettings> with, string help)
        where TSettings : Settings
        where TMember : Settings => new SectionOf<TSettings, TMember>(name, help, get, with, isNamed: true);

    /// <summary>A group of settings that is always of the same kind.</summary>
    /// <inheritdoc cref="Section"/>
    public static Setting Group<TSettings, TMember>(
        string name, Func<TSettings, TMember> get, Func<TSettings, TMember, TSettings> with, string help)
        where TSettings : Settings
        where TMember : Settings => new SectionOf<TSettings, TMember>(name, help, get, with, isNamed: false);

    /// <summary>A list of settings, each of one of several kinds, such as a likelihood for each column.</summary>
    /// <param name="name">The key.</param>
    /// <param name="get">Reads the list from a record.</param>
    /// <param name="with">Returns a copy of the record with another list.</param>
    /// <param name="help">What the list holds, in one line.</param>
    /// <param name="otherwise">The settings whose kind applies to an entry that names no kind.</param>
    public static Setting Sections<TSettings, TMember>(
        string name, Func<TSettings, IReadOnlyList<TMember>> get,
        Func<TSettings, IReadOnlyList<TMember>, TSettings> with, string help, TMember otherwise)
        where TSettings : Settings
        where TMember : Settings => new SectionsOf<TSettings, TMember>(name, help, get, with, otherwise);

    private sealed class Of<TSettings, TValue>(string name, string help, Func<TSettings, TValue> get,
        Func<TSettings, TValue, TSettings> with, Value<TValue> type)
        : Setting(name, help)
        where TSettings : Settings
    {
        public override string Placeholder => type.Placeholder;

        public override IReadOnlyList<string> Choices => type.Choices;

        internal override string Limits => type.Limits;

        internal override bool IsReal => type.IsReal;

        internal override JsonNode? Write(Settings settings) => type.Write(get((TSettings)settings));

        internal override string TextOf(Settings settings) => type.Text(get((TSettings)settings));

        internal override Settings Read(Settings settings, JsonNode? value, in Place at) =>
            with((TSettings)settings, type.Read(value, at));

        internal override JsonNode? Parse(string text) => type.Parse(text);

        internal override void Require(Settings settings, string path) => type.Require(get((TSettings)settings), path);

        internal override JsonObject Schema(Settings defaults, Catalog catalog)
        {
            JsonObject schema = type.Schema();
            schema["description"] = Help;
            schema["default"] = Write(defaults);
            return schema;
        }
    }

    private sealed class SectionOf<TSettings, TMember>(
        string name, string help, Func<TSettings, TMember> get, Func<TSettings, TMember, TSettings> with, bool isNamed)
        : Setting(name, help)
        where TSettings : Settings
        where TMember : Settings
    {
        public override string Placeholder => "KIND";

        public override bool IsSection => true;

        internal override bool IsNamed => isNamed;

        public override IReadOnlyList<Kind> Kinds(Catalog catalog) => catalog.Of<TMember>();

        internal override JsonNode? Write(Settings settings) => get((TSettings)settings).ToJson(isNamed);

        internal override string TextOf(Settings settings) => get((TSettings)settings).Word;

        internal override Settings Read(Settings settings, JsonNode? value, in Place at) =>
            with((TSettings)settings, (TMember)SectionReader.Read(this, get((TSettings)settings), value, at));

        internal override JsonNode? Parse(string text) => JsonValue.Create(text);

        internal override void Require(Settings settings, string path) => get((TSettings)settings).Require(path);

        internal override Settings SettingsIn(Settings settings) => get((TSettings)settings);

        internal override JsonObject Schema(Settings defaults, Catalog catalog) =>
            SectionReader.Schema(this, get((TSettings)defaults), catalog);
    }

    private sealed class SectionsOf<TSettings, TMember>(
        string name, string help, Func<TSettings, IReadOnlyList<TMember>> get,
        Func<TSettings, IReadOnlyList<TMember>, TSettings> with, TMember otherwise)
        : Setting(name, help)
        where TSettings : Settings
        where TMember : Settings
    {
        private readonly SectionOf<TSettings, TMember> _entry = new(
            name, help, _ => otherwise, (settings, _) => settings, isNamed: true);

        public override string Placeholder => "KIND,KIND";

        // An entry without settings of its own is written as a word, such as categorical:4.
        internal override JsonNode? Write(Settings settings) => new JsonArray(
            [.. get((TSettings)settings).Select(
                s => s.Summary == s.Word ? (JsonNode)JsonValue.Create(s.Word) : s.ToJson())]);

        internal override string TextOf(Settings settings) =>
            string.Join(",", get((TSettings)settings).Select(s => s.Word));

        internal override Settings Read(Settings settings, JsonNode? value, in Place at)
        {
            if (value is not JsonArray entries) throw at.Misfit("a list of kinds", value);
            List<TMember> members = [];
            foreach (JsonNode? entry in entries) members.Add((TMember)SectionReader.Read(_entry, otherwise, entry, at));
            return with((TSettings)settings, members);
        }

        internal override JsonNode? Parse(string text) =>
            new JsonArray([.. text.Split(',').Select(word => JsonValue.Create(word))]);

        internal override void Require(Settings settings, string path)
        {
            foreach (TMember member in get((TSettings)settings)) member.Require(path);
        }

        internal override JsonObject Schema(Settings defaults, Catalog catalog) => new()
        {
            ["type"] = "array",
            ["description"] = Help,
            // An entry may itself be a list of kinds, so the entries are not described further.
            ["items"] = new JsonObject { ["type"] = new JsonArray("string", "object") },
        };
    }
}
