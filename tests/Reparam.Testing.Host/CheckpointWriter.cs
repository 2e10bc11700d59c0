using System.Globalization;
using Reparam.Serialization;

namespace Reparam.Testing.Host;

/// <summary>
/// Writes checkpoints and, after each, an empty file named done-STEP or failed-STEP: making an empty file needs none of
/// the calls that a test makes fail.
/// </summary>
public static class CheckpointWriter
{
    /// <summary>Number of checkpoints.</summary>
    public const int Steps = 2;

    public static void Write(string folder)
    {
        CheckpointFolder checkpoints = new(folder);
        for (int step = 1; step <= Steps; step++)
        {
            byte content = (byte)step;
            string outcome;
            try
            {
                checkpoints.Write(step, new Dictionary<string, Action<Stream>> {
                    ["model"] = stream => stream.Write([content, content, content]) });
                outcome = "done";
            }
            catch (IOException)
            {
                outcome = "failed";
            }

            File.Create(
                Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{outcome}-{step}"))).Dispose();
        }
    }
}
