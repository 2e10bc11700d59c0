// Lesson 2: a whole VAE in 40 lines. Run: dotnet run -c Release examples/lesson-2-vae.cs
#:project ../src/Reparam/Reparam.csproj
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
using Reparam.Data;
using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

const int pixels = 28 * 28, hidden = 200, latent = 10, batch = 100, steps = 2000;
var rng = new Rng(seed: 1);
Dataset train = DatasetCatalog.Load("digits").Train;
var reader = new BatchReader(train, Binarization.Dynamic, rng.Split("reader"));

// Four layers of weights. The encoder reads an image and returns a mean and a log-variance for each latent.
// The decoder reads a code and returns a logit for each pixel: how likely is it that the pixel is white?
var read = new Linear(pixels, hidden, Initializer.PyTorch, rng.Split("read"));
var code = new Linear(hidden, 2 * latent, Initializer.PyTorch, rng.Split("code"));
var write = new Linear(latent, hidden, Initializer.PyTorch, rng.Split("write"));
var pixel = new Linear(hidden, pixels, Initializer.PyTorch, rng.Split("pixel"));
DiagonalNormal Encode(Tensor x)
{
    Tensor numbers = code.Forward(read.Forward(x).Relu());
    return DiagonalNormal.FromLogVariance(numbers.Slice(1, 0, latent), numbers.Slice(1, latent, latent));
}
Bernoulli Decode(Tensor z) => new(pixel.Forward(write.Forward(z).Relu()));

// Each step: encode, draw a code, decode, and increase the ELBO = reconstruction - KL.
DiagonalNormal prior = DiagonalNormal.Standard(latent);
Parameter[] parameters = [.. new[] { read, code, write, pixel }.SelectMany(layer => layer.Parameters)];
var adam = new Adam(1e-3);
OptimizerState state = adam.Start(parameters);
for (int step = 1; step <= steps; step++)
{
    using var tape = new GradientTape();
    Rng noise = rng.At(step);
    int[] chosen = noise.Split("order").Permutation(train.Count)[..batch];
    Tensor x = reader.Read(chosen, noise.Split("binarize")).Reshape([batch, pixels]);
    DiagonalNormal q = Encode(x);
    Tensor z = q.RSample(noise.Split("z"));                             // loc + scale * noise: the gradient passes
    Tensor reconstruction = Decode(z).LogProb(x).Sum(^1).Mean();        // E_q[log p(x|z)], one draw
    Tensor kl = q.ComponentwiseKL(prior).Sum(^1).Mean();                // KL(q(z|x) || p(z)), in closed form
    adam.Step(state, tape.Gradients(kl - reconstruction, parameters));  // the optimiser minimises: minus the ELBO
    if (step % 400 != 0 && step != 1) continue;
    (double right, double price) = (reconstruction.Item(), kl.Item());
    Console.WriteLine($"step {step,4}: ELBO {right - price,7:F1} = reconstruction {right,7:F1} - KL {price:F1}");
}

// New digits: draw codes from the prior and decode them.
Tensor codes = new Rng(seed: 2).Normal([40, latent]);
ImageGrid.Of(Decode(codes).Mean, columns: 10).Save("lesson-2-vae.png");
Console.WriteLine("lesson-2-vae.png");
