namespace Reparam.Data;

/// <summary>
/// Finds the role of each array of a file by its name: data or labels; training, validation or test. Case and
/// separators between words do not matter. Known names are <c>x_train</c> and <c>y_train</c> (Keras),
/// <c>train_images</c> and <c>train_labels</c> (MedMNIST), <c>data</c> and <c>labels</c>, <c>imgs</c> (dSprites).
/// Arrays with other names are ignored and not read.
/// </summary>
internal static class ArrayRoles
{
    private static readonly string[] DataNames = ["data", "images", "x", "imgs"], LabelNames = ["labels", "y"];

    // Together with the name of a part more words are recognised than without one.
    private static readonly string[] PartDataNames = [.. DataNames, "image", "img", "inputs", "input", "features", ""],
        PartLabelNames = [.. LabelNames, "label", "targets", "target", "classes", "class"];

    // Longer words come first: of two words with the same beginning the longer one must match.
    private static readonly (string Word, Part Part)[] PartWords =
    [
        ("training", Part.Train), ("train", Part.Train), ("validation", Part.Validation), ("valid", Part.Validation),
        ("val", Part.Validation), ("testing", Part.Test), ("test", Part.Test),
    ];

    private enum Part
    {
        Whole,
        Train,
        Validation,
        Test,
    }

    /// <summary>
    /// Finds the parts by the names. A single array is the data, whatever its name is. So is the only readable array
    /// that is not named as labels.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The names are ambiguous, or a required array cannot be
    /// read.</exception>
    internal static LabelledParts Of(IReadOnlyList<ArrayMember> members, string path)
    {
        if (members.Count == 0) throw Bad(path, "it contains no array; save an array into it.");
        if (members.Count == 1) return new LabelledParts(new LabelledArray(members[0].Read(), null), null, null, []);
        List<ArrayMember> left = [.. members];
        List<string> notes = [];
        // If there is an array named data, an array named only train or test is a mask or a list of indices.
        bool whole = members.Any(m => RoleOf(m.Name, Part.Whole, DataNames));
        string[] dataNames = whole ? [.. PartDataNames.Where(n => n.Length > 0)] : PartDataNames;
        LabelledArray? validation = Take(Part.Validation), test = Take(Part.Test);
        LabelledArray? train = Take(Part.Train) ?? TakeWhole(validation is not null || test is not null);
        if (train is null)
        {
            throw Bad(path, $"it contains {members.Count} arrays ({Listed(members.Select(m => m.Name))}) and no " +
                "training data; name the training data x_train, train_images, data, images or x.");
        }

        foreach ((LabelledArray? part, string name) in (
            (LabelledArray?, string)[])[(validation, "validation"), (test, "test")])
        {
            if (part is not null && train.Data.Shape.Rank > 0
                && (part.Data.Shape.Rank == 0 || part.Data.Shape[1..] != train.Data.Shape[1..]))
            {
                throw Bad(path, $"its training data have shape {train.Data.Shape} and its {name} data " +
                    $"{part.Data.Shape}; the parts must have the same shape except for the count.");
            }
        }

        if (left.Count > 0)
        {
            notes.Add(
                $"ignored: {Listed(left.Select(m => m.Foreign is null ? m.Name : $"{m.Name} ({m.Foreign})"))}");
        }

        return new LabelledParts(train, validation, test, notes);

        LabelledArray? Take(Part part) => Labelled(
            OneOf(left.Where(m =>
                RoleOf(m.Name, part, dataNames)), $"the {part.ToString().ToLowerInvariant()} data"),
            OneOf(left.Where(m =>
                RoleOf(m.Name, part, PartLabelNames)), $"the {part.ToString().ToLowerInvariant()} labels"));

        LabelledArray? TakeWhole(bool named)
        {
            ArrayMember? labels = OneOf(left.Where(m => RoleOf(m.Name, Part.Whole, LabelNames)), "the labels");
            ArrayMember? data = OneOf(left.Where(m => RoleOf(m.Name, Part.Whole, DataNames)), "the data");
            if (data is null && !named)
            {
                ArrayMember[] others = [.. left.Where(m => m != labels && m.Foreign is null)];
                data = others.Length == 1
                    ? others[0]
                    : throw Bad(path, $"it contains {members.Count} arrays ({Listed(members.Select(m => m.Name))}), " +
                        "and none is named data, images or x; give the data one of these names, and name their " +
                        "labels, if there are any, labels or y.");
            }

            return Labelled(data, labels);
        }

        LabelledArray? Labelled(ArrayMember? data, ArrayMember? labels)
        {
            if (data is null) return null;
            left.Remove(data);
            NumericArray array = data.Read();
            if (labels is null) return new LabelledArray(array, null);
            left.Remove(labels);
            if (labels.Foreign is { } foreign)
            {
                notes.Add($"'{labels.Name}' contains {foreign}, and labels must be classes, whole numbers from 0: " +
                    "the data are read without labels");
                return new LabelledArray(array, null);
            }

            (NumericArray? classes, string? problem) = ClassLabels.Of(labels.Read(), array, labels.Name, path);
            if (problem is not null) notes.Add($"{problem}: the data are read without labels");
            return new LabelledArray(array, classes);
        }

        ArrayMember? OneOf(IEnumerable<ArrayMember> candidates, string role)
        {
            ArrayMember[] named = [.. candidates.OrderBy(m => m.Name, StringComparer.Ordinal)];
            return named.Length <= 1 ? named.FirstOrDefault() : throw Bad(
                path, $"{string.Join(" and ", named.Select(m => m.Name))} could all be {role}; keep only one of them.");
        }
    }

    private static bool RoleOf(string name, Part part, string[] roles)
    {
        string plain = string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        if (part == Part.Whole) return roles.Contains(plain);
        foreach ((string word, Part of) in PartWords)
        {
            string? rest = plain.StartsWith(word, StringComparison.Ordinal) ? plain[word.Length..]
                : plain.EndsWith(word, StringComparison.Ordinal) ? plain[..^word.Length] : null;
            if (rest is not null && (roles.Contains(rest) || IsRole(rest))) return of == part && roles.Contains(rest);
        }

        return false;
    }

    private static bool IsRole(string word) => PartDataNames.Contains(word) || PartLabelNames.Contains(word);

    private static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names.Order(StringComparer.Ordinal)];
        return string.Join(", ", all.Take(8)) + (all.Length > 8 ? ", ..." : "");
    }

    private static InvalidDataFileException Bad(string path, string problem) => new(path, 0, problem);
}
