using System.Net;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Tests.Data.Catalog;

public sealed class DatasetCatalogTests
{
    [Fact]
    public void Mnist_has_the_published_means_and_label_counts()
    {
        RealData.File("mnist", "train-images-idx3-ubyte.gz");
        DataSplits mnist = DatasetCatalog.Load("mnist", RealData.Directory);
        Assert.Equal((60_000, 10_000), (mnist.Train.Count, mnist.Test.Count));
        Assert.Equal(0.13066, MeanOf(mnist.Train), 5);
        Assert.Equal(0.13251, MeanOf(mnist.Test), 5);
        int[] counts = [.. mnist.Train.Labels!.Value.ToArray().CountBy(label => label).OrderBy(pair => pair.Key).Select(
            pair => pair.Value)];
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], counts);
    }

    [Fact]
    public void Fashion_mnist_has_the_published_means()
    {
        RealData.File("fashion_mnist", "train-images-idx3-ubyte.gz");
        DataSplits fashion = DatasetCatalog.Load("Fashion-MNIST", RealData.Directory);
        Assert.Equal(0.28604, MeanOf(fashion.Train), 5);
        Assert.Equal(0.28685, MeanOf(fashion.Test), 5);
    }

    [Fact]
    public void Static_mnist_has_the_published_means()
    {
        RealData.File("binarized_mnist_static", "binarized_mnist_train.amat.gz");
        DataSplits mnist = DatasetCatalog.Load("binarized_mnist_static", RealData.Directory);
        Assert.Equal((50_000, 10_000, 10_000), (mnist.Train.Count, mnist.Validation!.Count, mnist.Test.Count));
        Assert.Equal(0.130562, MeanOf(mnist.Train), 6);
        Assert.Equal(0.131127, MeanOf(mnist.Validation), 6);
        Assert.Equal(0.132512, MeanOf(mnist.Test), 6);
    }

    [Fact]
    public void Frey_faces_are_the_same_from_mat_and_npy()
    {
        NumericArray npy = DataFile.Read(RealData.File("frey_faces", "frey_faces.npy"));
        NumericArray mat = DataFile.Read(RealData.File("frey_faces", "frey_rawface.mat"));
        Assert.Equal([1965, 28, 20], npy.Shape);
        Assert.Equal([560, 1965], mat.Shape);
        for (int face = 0; face < 1965; face++)
            for (int pixel = 0; pixel < 560; pixel++)
                if (npy.Content.Span[face * 560 + pixel] != mat.Content.Span[pixel * 1965 + face])
                    Assert.Fail($"face {face}, pixel {pixel} differs");
        DataSplits splits = DatasetCatalog.Load("frey_faces", RealData.Directory);
        Assert.Equal((1565, 200, 200), (splits.Train.Count, splits.Validation!.Count, splits.Test.Count));
        Assert.Equal([28, 20], splits.Train.EventShape);
    }

    [Fact]
    public void Omniglot_archives_and_wide_labels_are_read()
    {
        IReadOnlyDictionary<string, NumericArray> arrays = NpzFile.Read(
            RealData.File("omniglot", "images_evaluation.npz"));
        Assert.Equal(ElementKind.Boolean, arrays["images"].Kind);
        Assert.Equal([20, 105, 105], arrays["images"].Shape[1..]);
        Assert.Equal(ElementKind.Int16,
            IdxFile.Read(RealData.File("omniglot", "derived28_evaluation-labels-idx1-int16.gz")).Kind);
    }

    [Fact]
    public void Digits_need_no_files()
    {
        DataSplits digits = DatasetCatalog.Load("digits", directory: "no such folder");
        Assert.Equal((10_000, 2_000), (digits.Train.Count, digits.Test.Count));
        Assert.Empty(DatasetCatalog.Verify("digits", "no such folder"));
    }

    [Fact]
    public void Missing_file_says_what_to_put_where()
    {
        using TemporaryFolder folder = new();
        string message = Assert.Throws<FileNotFoundException>(() => DatasetCatalog.Load("mnist", folder.Path)).Message;
        Assert.Contains(
            Path.Combine(folder.Path, "mnist", "train-images-idx3-ubyte.gz"), message, StringComparison.Ordinal);
        Assert.Contains("reparam data fetch mnist", message, StringComparison.Ordinal);
        Assert.All(DatasetCatalog.Verify("mnist", folder.Path),
            status => Assert.Equal(DatasetFileState.Missing, status.State));
    }

    [Fact]
    public void Wrong_file_is_told_from_the_published_one()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("mnist"));
        folder.Holding("mnist/train-images-idx3-ubyte.gz", [0, 0, 8, 1, 0, 0, 0, 1, 5]);
        Assert.Equal(DatasetFileState.Damaged, DatasetCatalog.Verify("mnist", folder.Path)[0].State);
        Assert.Contains("SHA-256", Assert.Throws<InvalidDataFileException>(
            () => DatasetCatalog.Load("mnist", folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_name_lists_the_known_ones() =>
        Assert.Contains("fashion_mnist", Assert.Throws<ArgumentException>(() => DatasetCatalog.Find("mnits")).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Fetch_proves_renames_and_keeps_what_is_valid()
    {
        string source = Path.GetDirectoryName(RealData.File("mnist", "train-images-idx3-ubyte.gz"))!;
        using TemporaryFolder folder = new();
        using Server server = new(name => File.ReadAllBytes(Path.Combine(source, name)));
        using HttpClient client = new(server);
        IReadOnlyList<DatasetFileStatus> after = await DatasetCatalog.FetchAsync(
            "mnist", folder.Path, null, client, TestContext.Current.CancellationToken);
        Assert.All(after, status => Assert.Equal(DatasetFileState.Valid, status.State));
        Assert.Equal(4, server.Requests);
        await DatasetCatalog.FetchAsync("mnist", folder.Path, null, client, TestContext.Current.CancellationToken);
        Assert.Equal(4, server.Requests);
        Assert.Equal(4, Directory.GetFiles(folder.File("mnist")).Length);
    }

    [Fact]
    public async Task Fetch_of_a_wrong_file_leaves_nothing_behind()
    {
        using TemporaryFolder folder = new();
        using Server server = new(_ => "<html>moved</html>"u8.ToArray());
        using HttpClient client = new(server);
        InvalidDataFileException error = await Assert.ThrowsAsync<InvalidDataFileException>(
            () => DatasetCatalog.FetchAsync("mnist", folder.Path, null, client, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(folder.File("mnist")));
        Assert.StartsWith("https://", error.Path, StringComparison.Ordinal);
        Assert.Contains(
            Path.Combine(folder.Path, "mnist", "train-images-idx3-ubyte.gz"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_answer_is_cut_off()
    {
        using TemporaryFolder folder = new();
        using Server server = new(_ => new byte[4 << 20]);
        using HttpClient client = new(server);
        IOException error = await Assert.ThrowsAsync<IOException>(() => DatasetCatalog.FetchAsync(
            "frey_faces", folder.Path, null, client, TestContext.Current.CancellationToken));
        Assert.Contains("sends more", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.File("frey_faces")));
    }

    [Fact]
    public async Task Fetch_without_a_connection_says_what_to_do_by_hand()
    {
        using TemporaryFolder folder = new();
        using Server server = new(_ => throw new HttpRequestException("no route to host"));
        using HttpClient client = new(server);
        IOException error = await Assert.ThrowsAsync<IOException>(() => DatasetCatalog.FetchAsync(
            "frey_faces", folder.Path, null, client, TestContext.Current.CancellationToken));
        Assert.Contains(
            Path.Combine(folder.Path, "frey_faces", "frey_rawface.mat"), error.Message, StringComparison.Ordinal);
        Assert.Contains("https://cs.nyu.edu/~roweis/data/frey_rawface.mat", error.Message, StringComparison.Ordinal);
    }

    private static double MeanOf(Dataset set)
    {
        long sum = 0;
        foreach (byte level in set.Bytes(0, set.Count)) sum += level;
        return sum / (double)set.Count / set.EventShape.Size / (set.Kind == DataKind.Grey ? 255 : 1);
    }

    private sealed class Server(Func<string, byte[]> answer) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            byte[] content = answer(Path.GetFileName(request.RequestUri!.AbsolutePath));
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(content) });
        }
    }
}
