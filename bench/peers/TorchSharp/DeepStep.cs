using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Reparam.Peers;

/// <summary>The steps resnet-32, unet-28 and dit-28 of `reparam bench` with Adam: the same layers and sizes, written
/// with functions.</summary>
internal sealed class DeepStep : IStep
{
    private readonly NamedWeights _weights = new();
    private readonly Func<Tensor> _loss;
    private readonly Tensor _data;
    private readonly optim.Optimizer _optimizer;

    public DeepStep(string work)
    {
        random.manual_seed(1);
        long[] shape = work == "resnet-32" ? [32, 3, 32, 32] : [64, 1, 28, 28];
        _data = (rand(shape) < 0.13).to_type(ScalarType.Float32);
        _loss = work switch
        {
            "resnet-32" => Vae,
            "unet-28" => () => Diffusion(UNet),
            "dit-28" => () => Diffusion(Transformer),
            _ => throw new ArgumentException($"There is no step '{work}'.", nameof(work)),
        };
        using (DisposeScope scope = NewDisposeScope()) _loss(); // draws the weights
        _optimizer = optim.Adam(_weights.All, 1e-3);
    }

    public void Take()
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        _loss().backward();
        _optimizer.step();
    }

    /// <summary>Levels of 32, 64 and 64 channels, a residual block at each, and 64 latents.</summary>
    private Tensor Vae()
    {
        int[] channels = [32, 64, 64];
        Tensor h = _data;
        for (int i = 0; i < channels.Length; i++)
        {
            h = _weights.Conv($"down{i}", h, channels[i], 3, stride: 2, padding: 1);
            h = _weights.Block($"encoder{i}", h, channels[i]);
        }

        h = functional.silu(_weights.Norm("encoder", h)).flatten(1);
        Tensor[] head = _weights.Linear("head", h, 128).chunk(2, -1);
        Tensor z = head[0] + exp(0.5 * head[1]) * randn_like(head[0]);
        h = _weights.Linear("expand", z, 64 * 4 * 4).view(-1, 64, 4, 4);
        int[] up = [64, 64, 32];
        for (int i = 0; i < up.Length; i++)
        {
            h = _weights.Block($"decoder{i}", h, up[i]);
            if (i + 1 < up.Length) h = Doubled($"up{i}", h, up[i + 1]);
        }

        Tensor logits = Doubled("last", functional.silu(_weights.Norm("decoder", h)), 3);
        Tensor loss = functional.binary_cross_entropy_with_logits(logits, _data, reduction: Reduction.Sum);
        return (loss - 0.5 * sum(1 + head[1] - head[0].pow(2) - head[1].exp())) / _data.shape[0];
    }

    /// <summary>The bound of a diffusion of -1 and 1 with a network that predicts the velocity, gamma from -4 to
    /// 8.</summary>
    private Tensor Diffusion(Func<Tensor, Tensor, Tensor> network)
    {
        long count = _data.shape[0];
        Tensor x = _data * 2 - 1, time = rand(count), gamma = time * 12 - 4;
        Tensor alpha = sigmoid(-gamma).sqrt().view(count, 1, 1, 1), sigma = sigmoid(gamma).sqrt().view(count, 1, 1, 1);
        Tensor noise = randn_like(x), z = alpha * x + sigma * noise, target = alpha * noise - sigma * x;
        Tensor error = (target - network(z, time)).pow(2).flatten(1).sum(1);
        return (6 * sigmoid(-gamma) * error).mean();
    }

    private Tensor UNet(Tensor z, Tensor time)
    {
        int[] channels = [16, 32, 32];
        Tensor e = functional.silu(Embedding(time, 16, 64)), h = _weights.Conv("first", z, 16, 3, padding: 1);
        Stack<Tensor> skips = new([h]);
        for (int i = 0; i < channels.Length; i++)
        {
            skips.Push(h = _weights.Block($"down{i}", h, channels[i], e));
            if (i < 2) skips.Push(h = _weights.Conv($"halve{i}", h, channels[i], 3, stride: 2, padding: 1));
        }

        h = _weights.Block("middle0", h, 32, e);
        Tensor tokens = _weights.Norm("attention", h);
        Tensor[] parts = [.. new[] { "query", "key", "value" }.Select(
            p => _weights.Conv(p, tokens, 32, 1).flatten(2).transpose(1, 2))];
        Tensor attended = NamedWeights.Attend(parts[0], parts[1], parts[2], 1);
        h += _weights.Conv("project", attended.transpose(1, 2).reshape(h.shape), 32, 1);
        h = _weights.Block("middle1", h, 32, e);
        for (int i = channels.Length - 1; i >= 0; i--)
        {
            for (int block = 0; block < 2; block++)
                h = _weights.Block($"up{i}_{block}", cat([h, skips.Pop()], 1), channels[i], e);
            if (i > 0) h = Doubled($"double{i}", h, channels[i]);
        }

        return _weights.Conv("last", functional.silu(_weights.Norm("last_norm", h)), 1, 3, padding: 1);
    }

    private Tensor Transformer(Tensor z, Tensor time)
    {
        const long Width = 128;
        Tensor e = functional.silu(Embedding(time, 256, Width));
        Tensor patches = z.view(-1, 1, 7, 4, 7, 4).permute(0, 2, 4, 1, 3, 5).reshape(-1, 49, 16);
        Tensor x = _weights.Linear("to_tokens", patches, Width) + _weights["places", 49, Width].detach();
        for (int i = 0; i < 6; i++)
        {
            Tensor[] rows =
                [.. _weights.Linear($"modulation{i}", e, 6 * Width).chunk(6, 1).Select(r => r.unsqueeze(1))];
            Tensor h = Modulated(x, rows[0], rows[1]);
            Tensor[] parts = [.. new[] { "query", "key", "value" }.Select(p => _weights.Linear(p + i, h, Width))];
            x += rows[2] * _weights.Linear($"project{i}", NamedWeights.Attend(parts[0], parts[1], parts[2], 4), Width);
            h = Modulated(x, rows[3], rows[4]);
            h = functional.gelu(_weights.Linear($"wide{i}", h, 4 * Width));
            x += rows[5] * _weights.Linear($"narrow{i}", h, Width);
        }

        Tensor[] last = [.. _weights.Linear("modulation", e, 2 * Width).chunk(2, 1).Select(r => r.unsqueeze(1))];
        x = _weights.Linear("from_tokens", Modulated(x, last[0], last[1]), 16);
        return x.view(-1, 7, 7, 1, 4, 4).permute(0, 3, 1, 4, 2, 5).reshape(z.shape);

        static Tensor Modulated(Tensor x, Tensor shift, Tensor scale) =>
            functional.layer_norm(x, [Width], eps: 1e-6) * (1 + scale) + shift;
    }

    private Tensor Embedding(Tensor time, long features, long width)
    {
        Tensor frequencies = exp(-Math.Log(10000) * arange(features / 2) / (features / 2 - 1));
        Tensor angles = 1000 * time.unsqueeze(1) * frequencies.unsqueeze(0);
        Tensor h = functional.silu(_weights.Linear("embedding1", cat([angles.sin(), angles.cos()], 1), width));
        return _weights.Linear("embedding2", h, width);
    }

    private Tensor Doubled(string name, Tensor x, long outputs) => _weights.Conv(
        name, functional.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest), outputs, 3, padding: 1);
}
