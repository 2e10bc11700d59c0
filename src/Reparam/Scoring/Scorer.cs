using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Scoring;

/// <summary>
/// Scores data by how strange they are to the model of a run: -log p(x), or -log p(x|y) of a conditional model, by
/// importance sampling, compared with held-out data, and the elements that make a data point strange. The score of a
/// data point depends on the data point, the checkpoint and the number of draws alone, not on the time, the thread or
/// other data. A scorer may be used from several threads at once.
/// </summary>
public sealed class Scorer
{
    /// <summary>The file of the reference in a run's folder.</summary>
    internal const string FileName = "scores.json";

    private const int DefaultSamples = 100;
    private const int DrawsAtOnce = 100;

    // The draws for a row without one of its columns, and the number of such rows that are computed together.
    private const int DrawsWithout = 32;
    private const int ColumnsAtOnce = 64;

    private readonly LatentVariableModel _model;
    private readonly Rng _rng;
    private readonly string[] _names;
    private readonly TableSchema? _schema;
    private readonly int _cells, _samples;

    private Scorer(Run run, LatentVariableModel model, int samples)
    {
        if (!model.BoundsLikelihood)
        {
            throw new NotSupportedException(
                "The model has no p(x), so a data point has no score; train a variational autoencoder.");
        }

        if (!model.HasImportanceWeights)
        {
            throw new NotSupportedException($"A {model.GetType().Name} has no importance weights, from which scores " +
                "are computed; train a model that draws all of its latents, such as a vae.");
        }

        (_model, _samples) = (model, samples);
        _schema = run.Table;
        _rng = RunFactory.RngOf(run.Config).Split("score");
        _cells = _schema?.Cells.Count ?? run.Config.Model.Shape.Size;
        _names = _schema is not null ? [.. _schema.Modelled.Select(c => c.Name)] : [.. Enumerable.Range(
            0, _cells).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        Reference = null!;
    }

    /// <summary>The scores of held-out data, with which new scores are compared.</summary>
    public ScoreReference Reference { get; private set; }

    /// <summary>
    /// Loads the model of a run. Held-out data of the run, its test part, are scored at the first time and saved with
    /// the run.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="samples">K, the number of draws for each data point; 100 by default.</param>
    /// <param name="held">The largest number of held-out data that are scored. Scores that are saved with the run are
    /// kept as they are.</param>
    /// <param name="context">The folder of known data sets, and the receiver of warnings.</param>
    /// <exception cref="InvalidModelException">The run has no intact checkpoint.</exception>
    /// <exception cref="NotSupportedException">The model has no p(x).</exception>
    /// <exception cref="InvalidConfigException">The data have changed since training, so it is not known which of them
    /// were held out.</exception>
    public static Scorer Load(Run run, int? samples = null, int held = 2000, RunContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (samples is { } k) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k, nameof(samples));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(held);
        Checkpoint checkpoint = run.OpenCheckpoint(warnings: context?.Warnings);
        LatentVariableModel model = run.LoadModel(checkpoint);
        string path = Path.Combine(run.Path, FileName);
        ScoreReference? saved = File.Exists(path) ? ScoreReference.Load(path) : null;
        var scorer = new Scorer(run, model, samples ?? DefaultSamples);
        if (saved is not null && saved.Step == checkpoint.Step && saved.Samples == scorer._samples
            && (saved.Means.Count == scorer._names.Length + (scorer._schema is null ? 1 : 0)
                || (saved.Means.Count == 0 && scorer._schema is null)))
        {
            scorer.Reference = saved;
            return scorer;
        }

        // A data file that has changed since training is split in another way, so rows that the model was trained on
        // would count as held out.
        Dataset data = run.Data(Part.Test, context?.DataDirectory, warning => throw new InvalidConfigException(
            $"The scores of held-out data cannot be computed: {warning} Put the old data back, or train again."));
        if (data.Count > held) data = data[..held];
        scorer.Reference = ScoreReference.Of(checkpoint.Step, scorer._samples, scorer.EnumerateScores(data));
        scorer.Reference.Save(path);
        run.AddResult("held-out scores", checkpoint.Step, scorer.Reference.Statement(
            model.Context > 0 ? "log p(x|y)" : "log p(x)"));
        return scorer;
    }

    /// <summary>The scores of prepared data (<see cref="Run.Prepare"/>), in their order. The elements of all data
    /// points are in memory, 24 bytes each; for pictures <see cref="EnumerateScores"/> needs less.</summary>
    /// <param name="data">The data.</param>
    /// <param name="progress">Receives the number of finished data.</param>
    /// <param name="cancellation">Stops between data points, with an exception.</param>
    public IReadOnlyList<DatumScore> Score(
        Dataset data, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        List<DatumScore> scores = new(data.Count);
        foreach (DatumScore score in EnumerateScores(data, cancellation))
        {
            scores.Add(score);
            if (scores.Count % 100 == 0 || scores.Count == data.Count) progress?.Report(scores.Count);
        }

        return scores;
    }

    /// <summary>The scores of prepared data (<see cref="Run.Prepare"/>), in their order. A score is computed when it is
    /// enumerated, so only the scores that the caller keeps are in memory.</summary>
    /// <param name="data">The data.</param>
    /// <param name="cancellation">Stops between data points, with an exception.</param>
    public IEnumerable<DatumScore> EnumerateScores(Dataset data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var reader = new BatchReader(data, Binarization.None, _rng, _model.DType);
        return Enumerable.Range(0, data.Count).Select(i =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope();
            return Score(
                reader.Read(i, 1, _rng), reader.Context(i, 1, _model.Context), data.ImpossibleColumns(i));
        });
    }

    /// <summary>The score of one row of a table, given as the texts of its cells by column. A column that is not given
    /// is missing.</summary>
    /// <exception cref="InvalidOperationException">The run was not trained on a table.</exception>
    /// <exception cref="ArgumentException">A name is not a column of the model.</exception>
    public DatumScore Score(IReadOnlyDictionary<string, string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (_schema is null)
            throw new InvalidOperationException("The run was not trained on a table; score a data set instead.");
        if (_schema.Window is not null) _schema.Row(cells); // throws: a window has several rows
        return Score([cells]);
    }

    /// <summary>The score of the rows of a window, in the order of time. Each row is given as the texts of its cells by
    /// column. A column that is not given is missing.</summary>
    /// <exception cref="InvalidOperationException">The run was not trained on a table.</exception>
    /// <exception cref="ArgumentException">A name is not a column of the model, or there are more or fewer rows than a
    /// window has.</exception>
    public DatumScore Score(IReadOnlyList<IReadOnlyDictionary<string, string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (_schema is null)
            throw new InvalidOperationException("The run was not trained on a table; score a data set instead.");
        HashSet<int> impossible = [];
        float[] cells = _schema.Row(rows, impossible);
        using var scope = new TensorScope();
        Tensor? context = _schema.Conditions.Count == 0 ? null
            : _schema.ContextOf([_schema.ConditionsOf(rows)], _model.DType);
        return Score(Tensor.From(cells, [1, cells.Length]).To(_model.DType), context, impossible);
    }

    /// <summary>The score of one data point x, [1] + event. Each data point is scored alone, with the same
    /// noise.</summary>
    private DatumScore Score(Tensor x, Tensor? context, IEnumerable<int> impossible)
    {
        Func<Rng, int, InferencePass> inference = _model.Inference(x, context);
        LogMeanExp weights = default, squares = default;
        double reconstruction = 0, kl = 0;
        double[]? elements = null;
        for (int done = 0, group = 0; done < _samples; done += DrawsAtOnce, group++)
        {
            using var scope = new TensorScope();
            int now = Math.Min(DrawsAtOnce, _samples - done);
            InferencePass pass = inference(_rng.At(group), now);
            Tensor logWeights = pass.LogWeights, logLikelihood = pass.LogLikelihood;
            for (int k = 0; k < now; k++)
            {
                weights.Add(logWeights.At(k));
                squares.Add(2 * logWeights.At(k));
                reconstruction -= logLikelihood.At(k) / _samples;
                kl += (logLikelihood.At(k) - logWeights.At(k)) / _samples;
            }

            if (_schema is not null || pass.Reconstructed?.ElementLogProb(x) is not { } each) continue;
            elements ??= new double[_cells];
            for (int i = 0; i < now * elements.Length; i++) elements[i % elements.Length] -= each.At(i) / _samples;
        }

        // Delta method: the standard error of log mean(w) is that of mean(w) divided by mean(w).
        double spread = PortableMath.Exp(squares.Value - 2 * weights.Value) - 1;
        double error = _samples == 1 ? double.NaN : Math.Sqrt(Math.Max(0, spread) / _samples);
        ElementScore[] scores = _schema is not null ? Elements(Surprises(x, context, -weights.Value))
            : elements is null ? [] : Elements([.. elements, kl]);
        double score = -weights.Value + (Reference?.OfMissing(scores) ?? 0);
        foreach (int column in impossible)
        {
            // p(x) is 0 for a value that the column cannot have.
            score = double.PositiveInfinity;
            scores[column] = scores[column] with { Nats = score, Excess = score };
        }

        return new DatumScore(score, error, Reference?.PValue(score) ?? double.NaN, reconstruction, kl, scores);
    }

    /// <summary>
    /// -log p(x_c|all other cells) of each column c of a row or a window, in nats; NaN for a column without a value. It
    /// is the score of the row less the score of the row without the column. The encoder does not see the column, so an
    /// extreme cell cannot make other cells look strange, as it does in E_q[log p(x_c|z)] by moving z. All cells of a
    /// column in a window are left out together, because the cells before and after one tell it.
    /// </summary>
    private double[] Surprises(Tensor x, Tensor? context, double score)
    {
        int width = _names.Length;
        double[] surprises = new double[width];
        int[] observed = [.. Enumerable.Range(0, width).Where(
            c => Enumerable.Range(0, _cells / width).Any(t => !double.IsNaN(x.At(t * width + c))))];
        Array.Fill(surprises, double.NaN);
        int group = 0;
        foreach (int[] columns in observed.Chunk(ColumnsAtOnce))
        {
            using var scope = new TensorScope();
            double[] rows = new double[columns.Length * _cells];
            for (int i = 0; i < rows.Length; i++)
                rows[i] = i % _cells % width == columns[i / _cells] ? double.NaN : x.At(i % _cells);
            Tensor without = Tensor.From(rows, [columns.Length, _cells]).To(x.DType);
            Tensor? contexts = context is null ? null : Tensor.Concat(0, [.. columns.Select(_ => context)]);
            Tensor logWeights = _model.Inference(without, contexts)(_rng.Split("without").At(group++), DrawsWithout)
                .LogWeights;
            for (int row = 0; row < columns.Length; row++)
            {
                LogMeanExp mean = default;
                for (int k = 0; k < DrawsWithout; k++) mean.Add(logWeights.At(k * columns.Length + row));
                surprises[columns[row]] = score + mean.Value;
            }
        }

        return surprises;
    }

    private ElementScore[] Elements(double[] nats)
    {
        var elements = new ElementScore[nats.Length];
        for (int e = 0; e < elements.Length; e++)
        {
            elements[e] = new ElementScore(e < _names.Length ? _names[e] : ElementScore.Combination, nats[e],
                nats[e] - (Reference?.Means[e] ?? double.NaN));
        }

        return elements;
    }
}
