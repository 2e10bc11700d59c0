using Reparam.Configuration;
using Reparam.Data;

namespace Reparam.Runs;

/// <summary>The data of a run.</summary>
public sealed record DataSettings : Settings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<DataSettings>(
        "data", "the data of a run",
        Setting.Text<DataSettings>("name", s => s.Name, (s, v) => s with { Name = v },
            "a known data set (see 'reparam data list'), the path of a file or a folder of pictures", "NAME|PATH")
            .WithFlag("--data"),
        Setting.Choice<DataSettings, Binarization?>(
            "binarization", s => s.Binarization, (s, v) => s with { Binarization = v },
            "how grey levels become zeros and ones",
            ("auto", null), ("none", Data.Binarization.None), ("static", Data.Binarization.Static),
            ("dynamic", Data.Binarization.Dynamic), ("threshold", Data.Binarization.Threshold)),
        Setting.Whole<DataSettings>(
            "validation", s => s.Validation, (s, v) => s with { Validation = v },
            "number of training examples held out if the data set has no validation part; 0 none, -1 a tenth", -1),
        Setting.Whole<DataSettings>(
            "labels", s => s.Labels, (s, v) => s with { Labels = v },
            "number of labels that a semi-supervised model sees, equally many per class; 0 none, -1 all", -1),
        Setting.Whole<DataSettings>(
            "limit", s => s.Limit, (s, v) => s with { Limit = v },
            "number of training examples to use: the first of a known data set, random ones of your own file; 0 all"),
        Setting.Truth<DataSettings>("stream", s => s.Stream, (s, v) => s with { Stream = v },
            "whether the rows of your own .npy or IDX file are read when they are needed, not into memory; chooses "
            + "--shuffle blocks"),
        Setting.Choice<DataSettings, DataOrder?>(
            "shuffle", s => s.Shuffle, (s, v) => s with { Shuffle = v },
            "order of the training data in an epoch: over all of them, or by blocks that are read once; auto is full, "
            + "and blocks with --stream",
            ("auto", null), ("full", DataOrder.Full), ("blocks", DataOrder.Blocks)),
        Words("layout", s => s.Layout, (s, v) => s with { Layout = v },
            "position of the channel axis of images in your own file", "auto", "channels-first", "channels-last"),
        Words("levels", s => s.Levels, (s, v) => s with { Levels = v }, "meaning of the numbers in your own file",
            "auto", "stored", "digits", "bytes", "unit"),
        Words("parts", s => s.Parts, (s, v) => s with { Parts = v },
            "whether to use the training, validation and test parts that your own file names", "auto", "none"),
        Setting.Choice<DataSettings, StandardizeBy>(
            "standardize", s => s.Standardize, (s, v) => s with { Standardize = v },
            "what is standardised to mean 0 and variance 1 over the training data",
            ("auto", StandardizeBy.Auto), ("none", StandardizeBy.None), ("columns", StandardizeBy.Columns),
            ("channels", StandardizeBy.Channels)),
        Setting.Text<DataSettings>("label", s => s.Label, (s, v) => s with { Label = v },
            "column of a table with the class of each row, which is not modelled", "COLUMN"),
        Setting.Text<DataSettings>("train_on", s => s.TrainOn, (s, v) => s with { TrainOn = v },
            "train only on the rows of a table with this label, such as normal rows", "LABEL"),
        Setting.Quoted<DataSettings>("ignore", s => s.Ignore, (s, v) => s with { Ignore = v },
            "columns of a table to leave out; a name with a comma is written in double quotes", "COLUMN,COLUMN"),
        Setting.Quoted<DataSettings>("columns", s => s.Columns, (s, v) => s with { Columns = v },
            "kinds of columns of a table: real, positive, count, boolean, category, ordinal, date (date:day-first, "
            + "date:month-first), identifier or ignored; or a file with one COLUMN=KIND in each line",
            "COLUMN=KIND,...|FILE"),
        Setting.Choice<DataSettings, char?>("decimal", s => s.Decimal, (s, v) => s with { Decimal = v },
            "decimal mark of the numbers in a table", ("auto", null), ("point", '.'), ("comma", ',')),
        Setting.Choice<DataSettings, char?>("separator", s => s.Separator, (s, v) => s with { Separator = v },
            "character between the cells of a table", ("auto", null), ("comma", ','), ("semicolon", ';'),
            ("tab", '\t'), ("bar", '|'), ("blank", ' ')),
        Setting.Choice<DataSettings, bool?>("header", s => s.Header, (s, v) => s with { Header = v },
            "whether the first row of a table names the columns", ("auto", null), ("yes", true), ("no", false)),
        Setting.Whole<DataSettings>(
            "window", s => s.Window, (s, v) => s with { Window = v },
            "number of consecutive rows of a table that make a data point; 0 makes one of each row", 0, 10_000),
        Setting.Whole<DataSettings>(
            "stride", s => s.Stride, (s, v) => s with { Stride = v },
            "number of rows from one window to the next; 0 takes the length of a window", 0),
        Setting.Text<DataSettings>("time", s => s.Time, (s, v) => s with { Time = v },
            "column of a table with the time of each row; a gap of time ends a window; by default the only column of "
            + "dates", "COLUMN"),
        Setting.Whole<DataSettings>(
            "size", s => s.Size, (s, v) => s with { Size = v },
            "width and height of your own pictures in pixels; 0 keeps small pictures of one size and scales others to "
            + "64", 0, LargestSize),
        Setting.Choice<DataSettings, PictureCrop>(
            "crop", s => s.Crop, (s, v) => s with { Crop = v },
            "what is used of a picture that is not square: the middle, or all of it squeezed",
            ("center", PictureCrop.Center), ("none", PictureCrop.None)),
        Setting.Truth<DataSettings>("grey", s => s.Grey, (s, v) => s with { Grey = v },
            "whether your own colour pictures become grey"),
        Setting.Truth<DataSettings>("strict", s => s.Strict, (s, v) => s with { Strict = v },
            "whether a damaged picture stops the command instead of being left out"),
        Setting.Choice<DataSettings, Augmentation>(
            "augment", s => s.Augment, (s, v) => s with { Augment = v },
            "how images change at random in each training step: mirrored, moved by up to an eighth, or both",
            ("none", Augmentation.None), ("flip", Augmentation.Flip), ("shift", Augmentation.Shift),
            ("both", Augmentation.FlipAndShift)));

    private const int LargestSize = 4096;

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The name of a known data set, or the path of a file or of a folder of pictures.</summary>
    public string Name { get; init; } = "digits";

    /// <summary>The name for others: without the folders of a path.</summary>
    internal string Source => Path.GetFileName(Path.TrimEndingDirectorySeparator(Name));

    /// <summary>
    /// How grey levels become zeros and ones. Null is <c>auto</c>: <see cref="DataDefaults"/> chooses dynamic for the
    /// built-in digits if the likelihood is <c>auto</c>, and none otherwise. Until <see cref="DataDefaults"/> has
    /// chosen, null means none.
    /// </summary>
    public Binarization? Binarization { get; init; }

    /// <summary>The number of labels that a <c>semi-supervised</c> model sees, equally many of each class. The other
    /// labels are hidden. -1 shows all labels.</summary>
    public int Labels { get; init; } = -1;

    /// <summary>The number of training examples held out for validation if the data set has no validation part. 0 holds
    /// none out; -1 holds out a tenth (at most 5,000).</summary>
    public int Validation { get; init; } = -1;

    /// <summary>The number of training examples to use: the first of a known data set, random ones of the user's own
    /// file; 0 uses all.</summary>
    public int Limit { get; init; }

    /// <summary>Whether the rows of the user's own .npy or IDX file stay in the file, which may be larger than the
    /// memory. The results are those of a run in memory with the same <see cref="Shuffle"/>, to the bit.</summary>
    public bool Stream { get; init; }

    /// <summary>The order of the training data in an epoch. Null is <c>auto</c>: <see cref="RunFactory.Complete"/>
    /// chooses <see cref="DataOrder.Blocks"/> for streamed data and <see cref="DataOrder.Full"/> otherwise.</summary>
    public DataOrder? Shuffle { get; init; }

    /// <summary>The order of the training data in an epoch, with the choice for <c>auto</c>.</summary>
    internal DataOrder DefiniteOrder => Shuffle ?? (Stream ? DataOrder.Blocks : DataOrder.Full);

    /// <summary>
    /// Where the channel axis is in images of the user's own file: <c>channels-first</c>, as networks take them, or
    /// <c>channels-last</c>, which are converted to channels first. <c>auto</c> treats an array [N, height, width,
    /// channels] with 1, 3 or 4 channels as channels last.
    /// </summary>
    public string Layout { get; init; } = "auto";

    /// <summary>
    /// What the numbers in the user's own file mean. <c>stored</c>: bytes are grey levels (or binary digits if none
    /// exceeds 1), other formats are real numbers. The other values are for number formats larger than a byte:
    /// <c>digits</c> (0 and 1), <c>bytes</c> (grey levels 0 to 255), <c>unit</c> (grey levels divided by 255).
    /// <c>auto</c> decides by the values.
    /// </summary>
    public string Levels { get; init; } = "auto";

    /// <summary>
    /// Whether the run uses the parts that the user's own file names (<c>x_train</c>, <c>x_test</c>). <c>auto</c> uses
    /// them. <c>none</c> uses only the training part, and splits the test data off from it.
    /// </summary>
    public string Parts { get; init; } = "auto";

    /// <summary>What is standardised to mean 0 and variance 1 over the training data.</summary>
    public StandardizeBy Standardize { get; init; } = StandardizeBy.Auto;

    /// <summary>The column of a table with the label of each row, which is not modelled; empty for none.</summary>
    public string Label { get; init; } = "";

    /// <summary>Use only the rows with this label, such as normal rows, for training and held-out data. Empty uses
    /// all rows.</summary>
    public string TrainOn { get; init; } = "";

    /// <summary>The columns of a table to leave out, with commas between them.</summary>
    public string Ignore { get; init; } = "";

    /// <summary>The kinds of columns that the user chooses, such as <c>age=count,zip=category</c>, or in lines of one
    /// choice each. <c>size=ordinal:S&lt;M&lt;L</c> gives the levels of an ordinal column in order,
    /// <c>day=date:day-first</c> or <c>day=date:month-first</c> the order of dates such as 01.02.2026. A name with a
    /// comma or '=' is in double quotes. The path of a file with such lines is replaced by the lines.</summary>
    public string Columns { get; init; } = "";

    /// <summary>The decimal mark of the numbers in a table: a point or a comma; null to detect it.</summary>
    public char? Decimal { get; init; }

    /// <summary>The character between the cells of a table; null to detect it.</summary>
    public char? Separator { get; init; }

    /// <summary>Whether the first row of a table names the columns; null to detect it.</summary>
    public bool? Header { get; init; }

    /// <summary>The number of consecutive rows of a table that make a data point; 0 makes a data point of each row.
    /// Rows are in the order of time.</summary>
    public int Window { get; init; }

    /// <summary>The number of rows from the first row of a window to that of the next; 0 is
    /// <see cref="Window"/>.</summary>
    public int Stride { get; init; }

    /// <summary>The column of a table with the time of each row, which is not modelled: dates or numbers. A step that
    /// is longer than 1.5 median steps ends a window. Empty takes the only column of dates, if windows are
    /// made.</summary>
    public string Time { get; init; } = "";

    /// <summary>How a table is written.</summary>
    public TableFormat Format => new(Separator, Decimal ?? '.', Header) { DetectsDecimal = Decimal is null };

    /// <summary>The choices about the columns of a table.</summary>
    /// <exception cref="InvalidConfigException"><see cref="Columns"/> is not a list of names and kinds, or only one row
    /// makes a window.</exception>
    public TableChoices Choices => new()
    {
        Label = Label.Length > 0 ? Label : null,
        Ignore = QuotedText.List(Ignore),
        Kinds = Kinds(out Dictionary<string, IReadOnlyList<string>> levels, out Dictionary<string, DateOrder> orders),
        Levels = levels,
        DateOrders = orders,
        Window = Windows(),
    };

    private TableWindow? Windows()
    {
        if (Window == 0 && (Stride > 0 || Time.Length > 0))
        {
            throw new InvalidConfigException($"data.{(Stride > 0 ? "stride" : "time")} belongs to windows of rows; " +
                "choose their length with data.window.");
        }

        return Window switch
        {
            0 => null,
            1 => throw new InvalidConfigException("data.window 1 makes no windows; leave it out."),
            _ => new TableWindow(Window, Stride > 0 ? Stride : Window, Time.Length > 0 ? Time : null,
                TrainOn.Length > 0 ? TrainOn : null),
        };
    }

    private static readonly Dictionary<string, DateOrder> s_orders = new()
    {
        ["date:day-first"] = DateOrder.DayFirst, ["date:month-first"] = DateOrder.MonthFirst,
    };

    private Dictionary<string, ColumnKind> Kinds(
        out Dictionary<string, IReadOnlyList<string>> levels, out Dictionary<string, DateOrder> orders)
    {
        Dictionary<string, ColumnKind> kinds = [];
        (levels, orders) = ([], []);
        // In lines of a file, names may contain commas.
        foreach (string pair in QuotedText.Parts(Columns, Columns.Contains('\n') ? '\n' : ','))
        {
            const string order = "ordinal:";
            IReadOnlyList<int> marks = QuotedText.Places(pair, '=');
            int ordered = marks.FirstOrDefault(m => pair.AsSpan(m + 1).StartsWith(order, StringComparison.Ordinal), -1);
            int mark = ordered > 0 ? ordered : marks.LastOrDefault(-1);
            string[] names = [.. Enum.GetNames<ColumnKind>().Select(n => n.ToLowerInvariant())];
            string name = mark <= 0 ? "" : QuotedText.Unquoted(pair[..mark]);
            string word = mark < 0 ? "" : pair[(mark + 1)..].Trim();
            if (ordered > 0)
            {
                levels[name] = [.. QuotedText.Parts(word[order.Length..], '<').Select(QuotedText.Unquoted)];
                word = order[..^1];
            }

            if (s_orders.TryGetValue(word, out DateOrder chosen)) (orders[name], word) = (chosen, "date");
            if (mark <= 0 || !names.Contains(word))
            {
                throw new InvalidConfigException($"data.columns takes COLUMN=KIND,..., such as age=count, not " +
                    $"'{pair}'.{Suggestion.For(word, names)}");
            }

            kinds[name] = Enum.Parse<ColumnKind>(word, ignoreCase: true);
        }

        return kinds;
    }

    /// <summary>The width and height of the user's own pictures in pixels. 0 keeps the size of small pictures that all
    /// have one size, and scales other pictures to <see cref="PictureOptions.DefaultSize"/>.</summary>
    public int Size { get; init; }

    /// <summary>What is used of a picture that is not square.</summary>
    public PictureCrop Crop { get; init; }

    /// <summary>Whether the user's own colour pictures become grey.</summary>
    public bool Grey { get; init; }

    /// <summary>Whether a damaged picture is an error. If false, it is left out with a note.</summary>
    public bool Strict { get; init; }

    /// <summary>How images change at random in each training step. Evaluation never changes them.</summary>
    public Augmentation Augment { get; init; }

    private static Setting Words(
        string name, Func<DataSettings, string> get, Func<DataSettings, string, DataSettings> with, string help,
        params string[] words) =>
        Setting.Choice(name, get, with, help, [.. words.Select(w => (w, w))]);
}
