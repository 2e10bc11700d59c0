using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Reparam.Peers;

/// <summary>A VAE, its batch and Adam: the same networks as bench/peers/steps.py.</summary>
internal sealed class ReferenceStep : IStep
{
    private readonly Module<Tensor, Tensor> _encoder, _decoder;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _data;

    /// <summary>The number of draws of an importance-weighted bound; 0 for the ELBO with its closed-form KL.</summary>
    private readonly int _samples;

    public ReferenceStep(string work)
    {
        random.manual_seed(1);
        ((_encoder, _decoder), long[] shape, _samples) = work switch
        {
            "mlp-400-20" => (Dense([400], 20, () => ReLU()), new long[] { 128, 784 }, 0),
            "mlp-500-20" => (Dense([500], 20, () => Tanh()), [100, 784], 0),
            "mlp-512-512-128" => (Dense([512, 512], 128, () => ReLU()), [128, 784], 0),
            "iwae-k1" => (Dense([200, 200], 50, () => Tanh()), [20, 784], 1),
            "iwae-k50" => (Dense([200, 200], 50, () => Tanh()), [20, 784], 50),
            "conv-28" => (Convolutional(1, [32, 64], 28, 32, []), [128, 1, 28, 28], 0),
            "conv-64" => (Convolutional(3, [32, 32, 64, 64], 64, 32, [256]), [64, 3, 64, 64], 0),
            _ => throw new ArgumentException($"There is no step '{work}'.", nameof(work)),
        };
        _optimizer = optim.Adam([.. _encoder.parameters(), .. _decoder.parameters()], 1e-3);
        _data = (rand(shape) < 0.13).to_type(ScalarType.Float32);
    }

    public void Take()
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        Loss().backward();
        _optimizer.step();
    }

    private Tensor Loss()
    {
        Tensor[] head = _encoder.forward(_data).chunk(2, -1);
        Tensor mean = head[0], logVariance = head[1], scale = exp(0.5 * logVariance);
        if (_samples == 0)
        {
            Tensor logits = _decoder.forward(mean + scale * randn_like(mean));
            Tensor loss = functional.binary_cross_entropy_with_logits(logits, _data, reduction: Reduction.Sum);
            Tensor kl = -0.5 * sum(1 + logVariance - mean.pow(2) - logVariance.exp());
            return (loss + kl) / _data.shape[0];
        }

        Tensor eps = randn([_samples, .. mean.shape]), z = mean + scale * eps, draws = _decoder.forward(z);
        Tensor logLikelihood = -functional.binary_cross_entropy_with_logits(
            draws, _data.expand_as(draws), reduction: Reduction.None).sum(-1);
        Tensor logPrior = (-0.5 * z * z).sum(-1), logPosterior = (-0.5 * eps * eps - 0.5 * logVariance).sum(-1);
        return -(logsumexp(logLikelihood + logPrior - logPosterior, 0) - Math.Log(_samples)).mean();
    }

    private static IEnumerable<Module<Tensor, Tensor>> Layers(int[] widths, Func<Module<Tensor, Tensor>> activation)
    {
        for (int i = 1; i < widths.Length; i++)
        {
            yield return Linear(widths[i - 1], widths[i]);
            yield return activation();
        }
    }

    private static (Module<Tensor, Tensor> Encoder, Module<Tensor, Tensor> Decoder) Dense(
        int[] hidden, int latent, Func<Module<Tensor, Tensor>> activation)
    {
        int[] mirrored = [.. hidden.Reverse()];
        return (
            Sequential([.. Layers([784, .. hidden], activation), Linear(hidden[^1], 2 * latent)]),
            Sequential([.. Layers([latent, .. mirrored], activation), Linear(hidden[0], 784)]));
    }

    /// <summary>4x4 kernels, stride 2, padding 1, linear layers, and the mirror image.</summary>
    private static (Module<Tensor, Tensor> Encoder, Module<Tensor, Tensor> Decoder) Convolutional(
        int image, int[] channels, int edge, int latent, int[] hidden)
    {
        List<Module<Tensor, Tensor>> encoder = [], decoder = [];
        int[] down = [image, .. channels], up = [.. channels.Reverse(), image], mirrored = [.. hidden.Reverse()];
        for (int i = 1; i < down.Length; i++) encoder.AddRange([Conv2d(down[i - 1], down[i], 4, 2, 1), ReLU()]);
        int small = edge >> channels.Length, features = channels[^1] * small * small;
        encoder.Add(Flatten());
        encoder.AddRange(Layers([features, .. hidden], () => ReLU()));
        encoder.Add(Linear(hidden.Length > 0 ? hidden[^1] : features, 2 * latent));
        decoder.AddRange(Layers([latent, .. mirrored], () => ReLU()));
        decoder.AddRange([Linear(hidden.Length > 0 ? hidden[0] : latent, features), ReLU()]);
        decoder.Add(Unflatten(1, [channels[^1], small, small]));
        for (int i = 1; i < up.Length; i++)
        {
            decoder.Add(ConvTranspose2d(up[i - 1], up[i], 4, 2, 1));
            if (i < up.Length - 1) decoder.Add(ReLU());
        }

        return (Sequential(encoder), Sequential(decoder));
    }
}
