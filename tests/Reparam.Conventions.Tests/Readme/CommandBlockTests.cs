namespace Reparam.Conventions.Tests.Readme;

/// <summary>The commands of each page run as they stand, in order, from an empty folder.</summary>
public sealed class CommandBlockTests
{
    [Fact]
    public void Pages_make_what_they_read()
    {
        Assert.True(
            Pages.All.Sum(p => CommandBlocks.Commands(Pages.Text(p)).Count()) > 50, "The commands were not found.");
        Assert.Empty(
            Pages.All.SelectMany(page => CommandBlocks.Faults(Pages.Text(page)).Select(fault => $"{page}: {fault}")));
    }

    [Fact]
    public void Folder_holds_one_model_on_all_pages()
    {
        var trained = Pages.All
            .SelectMany(page => CommandBlocks.Commands(Pages.Text(page)).Select(
                c => (Page: page, c.Command, Folder: CommandBlocks.Trains(c.Command))))
            .Where(c => c.Folder is not null)
            .GroupBy(c => c.Folder)
            .ToArray();
        Assert.True(trained.Length > 20, "The trainings were not found.");
        Assert.Empty(trained.Where(g => g.Select(c => c.Command).Distinct().Count() > 1).SelectMany(
            g => g.Select(c => $"{c.Page}: {c.Command}")));
    }

    [Theory]
    [InlineData("```\nreparam train --out runs/a\nreparam evaluate runs/b\n```\n", "runs/b is read and no command")]
    [InlineData("```\nreparam evaluate runs/a\nreparam train --out runs/a\n```\n", "runs/a is read before")]
    [InlineData("See `reparam classify runs/m`.\n", "runs/m is read and no command")]
    [InlineData("```sh\nreparam train --out \"$RUN\"\n```\n", "$RUN is set by nobody")]
    [InlineData("```\nreparam train --data codes.npz --out runs/a\n```\n", "codes.npz is read and no command")]
    [InlineData("```\nreparam evaluate runs/digits/TIME-ID\n```\n", "TIME-ID stands for something")]
    [InlineData("```\nreparam train --config FILE --out runs/a\n```\n", "FILE stands for something")]
    public void Fault_is_found(string page, string fault) =>
        Assert.Contains(CommandBlocks.Faults(page), f => f.StartsWith(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("```sh\nexport REPARAM_DATA=~/data  # comment with runs/b\nreparam train \\\n  --out runs/a\nreparam " +
        "evaluate runs/a --data $REPARAM_DATA/x.npy\n```\nThen `reparam classify runs/a`.\n")]
    [InlineData("```\nrank  index\n   1    RUNS/x\n```\n")]
    [InlineData("```\nN=3\nreparam train --seed $N --out runs/a\nreparam encode runs/a --out z.npz\nreparam train " +
        "--data z.npz --out runs/b\n```\n")]
    [InlineData("```python\nnp.save(\"a.npy\", rows)\n```\n```\nreparam train --data a.npy --out runs/a\n```\n")]
    public void Page_that_pastes_has_no_fault(string page) => Assert.Empty(CommandBlocks.Faults(page));
}
