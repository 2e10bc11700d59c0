using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Processes;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Training;

/// <summary>
/// Takes training steps on batches that are cut into shards. A shard is computed as a batch of its own, and the
/// gradients of the shards are added in a fixed binary tree, so the update does not depend on which process computes
/// which shard. Every process updates its own copy of the parameters by the same bits.
/// </summary>
/// <remarks>
/// Shard s of a batch of B data and V shards has the data from floor(s B / V) to floor((s + 1) B / V). The gradient is
/// sum_s n_s g_s / B with the number n_s of data of a shard. All shards start a step with the same buffers, and a
/// buffer changes by the mean of the changes in the shards, weighted by n_s.
/// </remarks>
internal sealed class ShardedStep<T> : IShardedStep where T : unmanaged, IFloatingPoint<T>
{
    // Places in the sums of a step: the parts of the objective, the requests to stop, and a place for each shard that
    // failed.
    private const int Loss = 0, Bound = 1, Reconstruction = 2, KL = 3, Stop = 4, Failed = 5;

    private readonly TrainingStep _step;
    private readonly Ranks _ranks;
    private readonly int _shards;
    private readonly IReadOnlyList<Parameter> _parameters, _buffers;
    private readonly TreeSum<T> _gradients;
    private readonly TreeSum<double> _values;

    public ShardedStep(TrainingState state, Objective objective, Optimizer optimizer, int shards, Ranks ranks)
    {
        (_ranks, _shards) = (ranks, shards);
        _step = new TrainingStep(state, objective, optimizer);
        _parameters = state.Optimizer.Parameters;
        _buffers = [.. state.Model.Buffers, .. state.Adversary?.Buffers ?? []];
        _gradients = new TreeSum<T>(_parameters.Concat(_buffers).Sum(p => p.Shape.Size));
        _values = new TreeSum<double>(Failed + shards);
    }

    public (StepResult Result, bool Stop) Take(
        int batch, Func<int, int, (Tensor X, Tensor? Context)> read, Rng noise,
        Func<string, double, double, TrainingDivergedException> diverged, CancellationToken cancellation)
    {
        _step.State.Model.SetMode(ModuleMode.Training);
        _gradients.Clear();
        _values.Clear();
        T[][] before = [.. _buffers.Select(b => b.Value.ToArray<T>())];
        TrainingDivergedException? failure = null;
        int each = _shards / _ranks.Count;
        for (int shard = _ranks.Rank * each; shard < (_ranks.Rank + 1) * each; shard++)
        {
            try
            {
                Differentiate(shard, failure is null ? batch : 0, before, read, noise, diverged);
            }
            catch (TrainingDivergedException found)
            {
                // The other processes still wait for the sums.
                failure = found;
                _gradients.Add(_ => { });
                _values.Add(values => values[Failed + shard] = 1);
            }
        }

        double[] values = _values.Total;
        if (cancellation.IsCancellationRequested) values[Stop]++;
        _ranks.Sum<double>(values);
        int first = values.AsSpan(Failed).IndexOfAnyExcept(0);
        if (first >= 0)
        {
            string[] origins = _ranks.Gather(failure?.Origin ?? "");
            string[] losses = _ranks.Gather((failure?.Loss ?? 0).ToString("R", CultureInfo.InvariantCulture));
            throw diverged(
                origins[first / each], double.Parse(losses[first / each], CultureInfo.InvariantCulture), double.NaN);
        }

        T[] sum = _gradients.Total;
        _ranks.Sum<T>(sum);
        double norm = Update(sum, batch, before, values[Loss] / batch, diverged);
        return (new StepResult(values[Loss] / batch, values[Bound] / batch, values[Reconstruction] / batch,
            values[KL] / batch, norm), values[Stop] > 0);
    }

    /// <summary>Adds the gradients of a shard, the changes of the buffers and the parts of the objective to the
    /// sums.</summary>
    private void Differentiate(
        int shard, int batch, T[][] before, Func<int, int, (Tensor X, Tensor? Context)> read, Rng noise,
        Func<string, double, double, TrainingDivergedException> diverged)
    {
        int start = (int)((long)shard * batch / _shards), count = (int)((shard + 1L) * batch / _shards) - start;
        if (count == 0)
        {
            _gradients.Add(_ => { });
            _values.Add(_ => { });
            return;
        }

        for (int i = 0; i < before.Length; i++) Assign(_buffers[i], before[i]);
        using var tape = new GradientTape();
        (ObjectiveValue value, Gradients gradients) = _step.Differentiate(
            tape, () => read(start, count), noise.At(_step.State.Step, start), diverged);
        T weight = T.CreateChecked(count);
        _gradients.Add(sum =>
        {
            int at = 0;
            for (int i = 0; i < gradients.Count; at += gradients[i++].Size)
                TreeSum.Add(sum.AsSpan(at, gradients[i].Size), gradients[i].AsSpan<T>(), weight);
            for (int i = 0; i < before.Length; i++)
            {
                ReadOnlySpan<T> after = _buffers[i].Value.AsSpan<T>();
                for (int j = 0; j < after.Length; j++) sum[at++] += weight * (after[j] - before[i][j]);
            }
        });
        _values.Add(sum =>
        {
            sum[Loss] += count * value.Loss.Item();
            sum[Bound] += count * value.Bound.Item();
            sum[Reconstruction] += count * value.Reconstruction.Item();
            sum[KL] += count * value.KL.Item();
        });
    }

    /// <summary>Updates the parameters and the buffers by the sums over all shards, and returns the norm of the
    /// gradient.</summary>
    private double Update(T[] sum, int batch, T[][] before, double loss,
        Func<string, double, double, TrainingDivergedException> diverged)
    {
        using var scope = new TensorScope();
        T count = T.CreateChecked(batch);
        for (int i = 0; i < sum.Length; i++) sum[i] /= count;
        int at = 0;
        Tensor[] gradients = new Tensor[_parameters.Count];
        for (int i = 0; i < gradients.Length; at += gradients[i++].Size)
            gradients[i] = Of(sum.AsSpan(at, _parameters[i].Shape.Size), _parameters[i].Shape);
        for (int i = 0; i < before.Length; i++)
        {
            for (int j = 0; j < before[i].Length; j++) before[i][j] += sum[at++];
            Assign(_buffers[i], before[i]);
        }

        return _step.Update(Gradients.Of(_parameters, gradients), loss, diverged);
    }

    private static void Assign(Parameter buffer, T[] values)
    {
        using var scope = new TensorScope();
        buffer.Assign(Of(values, buffer.Shape));
    }

    private static Tensor Of(ReadOnlySpan<T> values, Shape shape) => typeof(T) == typeof(float)
        ? Tensor.From(MemoryMarshal.Cast<T, float>(values), shape)
        : Tensor.From(MemoryMarshal.Cast<T, double>(values), shape);
}
