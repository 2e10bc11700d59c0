// Lesson 1: what the gradient of a sample is. Run: dotnet run -c Release examples/lesson-1-gradient.cs
#:project ../src/Reparam/Reparam.csproj
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
using Reparam.Distributions;
using Reparam.Rendering;
using Reparam.Tensors;

// A normal distribution with two parameters. A Parameter is a number that may change and whose gradient we can ask for.
const int draws = 5;
var loc = new Parameter("loc", Tensor.Ones([1]));
var scale = new Parameter("scale", Tensor.Ones([1]) * 0.5);

// A draw is z = loc + scale * e. The noise e is N(0, 1) and depends on no parameter.
// The tape records the formula, so the draw has a derivative: dz/dloc = 1 and dz/dscale = e.
double[] noise = new double[draws];
for (int i = 0; i < draws; i++)
{
    using var tape = new GradientTape();
    Tensor z = new Normal(loc, scale).RSample(new Rng(seed: 1).At(i));
    Gradients gradient = tape.Gradients(z.Sum(), [loc, scale]);
    noise[i] = gradient[1].Item();
    string slopes = $"dz/dloc = {gradient[0].Item():F0}, dz/dscale = {noise[i],6:F3}";
    Console.WriteLine($"draw {i + 1}: z = {z.Item(),6:F3}, {slopes}");
}

// The same noise with a scale that is larger by 0.01: the draw moves by 0.01 times its derivative.
double Draw(double width) =>
    new Normal(Tensor.Ones([1]), Tensor.Ones([1]) * width).RSample(new Rng(seed: 1).At(0)).Item();
Console.WriteLine($"draw 1 by a difference: dz/dscale = {(Draw(0.51) - Draw(0.50)) / 0.01:F3}");

// Averages of f(z) have gradients too. For f = z^2 theory says E[z^2] = loc^2 + scale^2,
// so the gradient is 2 loc = 2 for loc and 2 scale = 1 for scale. 20,000 draws come close to these numbers.
using (var tape = new GradientTape())
{
    Tensor z = new Normal(loc, scale).RSample(new Rng(seed: 2), [20_000]);
    Gradients gradient = tape.Gradients(z.Square().Mean(), [loc, scale]);
    Console.WriteLine($"mean of z^2: gradient for loc {gradient[0].Item():F2}, exact 2");
    Console.WriteLine($"mean of z^2: gradient for scale {gradient[1].Item():F2}, exact 1");
}

// The picture: five draws as the scale grows and the noise stays. Each is a straight line; its slope is the noise.
PlotSeries[] lines = [.. noise.Select((e, i) => new PlotSeries($"draw {i + 1}, slope {e:F2}", [(0, 1), (1, 1 + e)]))];
PlotSeries[] points = [new PlotSeries("scale = 0.5", [.. noise.Select(e => (0.5, 1 + 0.5 * e))])];
LinePlot.Draw("Draws move with the scale", "scale", "z = loc + scale * noise", [], lines, points)
    .Save("lesson-1-gradient.svg");
Console.WriteLine("lesson-1-gradient.svg");
