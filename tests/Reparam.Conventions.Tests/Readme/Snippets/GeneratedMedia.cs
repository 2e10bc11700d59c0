// begin
using Reparam.Data;
using Reparam.Models;
using Reparam.Rendering;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/how-to/generated-media.md, C# block 1.</summary>
internal static class GeneratedMedia
{
    public static void Execute()
    {
        // begin
        var run = Run.Open("runs/first");
        LatentVariableModel model = run.LoadModel();
        Tensor images = ((Vae)model).Generate(64, new Rng(7));
        ImageGrid.Of(images).Save("samples.png", run.Provenance(model, seed: 7));
        Provenance? mark = ProvenanceFile.Read("samples.png");
        Console.WriteLine($"{mark?.IsGenerated} {mark?.Run}");
        // end
    }
}
