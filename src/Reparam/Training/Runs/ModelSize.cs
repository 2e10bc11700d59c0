using Reparam.Models;

namespace Reparam.Training.Runs;

/// <summary>
/// How large a model is that nobody has built yet, counted in long arithmetic that cannot overflow: numbers of a configuration are anybody's.
/// </summary>
/// <param name="Parameters">Scalar parameters.</param>
/// <param name="Encoder">Elements of the encoder's intermediate tensors for one datum.</param>
/// <param name="Decoder">Elements of the decoder's intermediate tensors for one latent vector.</param>
/// <param name="Largest">Elements of the largest single tensor for one datum or latent vector.</param>
/// <param name="Hidden">Width of the encoder's last hidden layer.</param>
internal sealed record ModelSize(double Parameters, double Encoder, double Decoder, double Largest, double Hidden)
{
    /// <summary>The size of the model that a complete configuration describes.</summary>
    public static ModelSize Of(ModelConfig model, Likelihood likelihood)
    {
        var encoder = new Tally();
        var decoder = new Tally();
        double size = model.EventShape.Aggregate(1.0, (product, extent) => product * extent);
        IReadOnlyList<int> hidden = model.Hidden!, channels = model.Channels!;
        double context = model.Classes, features = size + context, outputs = size * likelihood.OutputsPerElement;
        if (model.Kind != "mlp")
        {
            bool residual = model.Kind == "resnet";
            double pixels = (double)model.EventShape[^2] * model.EventShape[^1], inputs = size / pixels + context;
            double shrunk = pixels / Math.Pow(4, channels.Count);
            foreach (int width in channels)
            {
                pixels /= 4;
                encoder.Convolution(inputs, width, residual ? 9 : 16, pixels);
                if (residual) encoder.Blocks(width, model.Blocks, pixels);
                inputs = width;
            }

            features = inputs * shrunk;
            // The decoder walks the same levels upwards.
            for (int level = channels.Count - 1; level >= 0; level--)
            {
                if (residual) decoder.Blocks(channels[level], model.Blocks, pixels);
                pixels *= 4;
                double next = level > 0 ? channels[level - 1] : outputs / (model.EventShape[^2] * (double)model.EventShape[^1]);
                decoder.Convolution(channels[level], next, residual ? 9 : 16, pixels);
                if (residual) decoder.Elements(channels[level] * pixels); // the enlarged image
            }

            if (residual)
            {
                encoder.Normalization(channels[^1], shrunk);
                decoder.Normalization(channels[0], pixels / 4);
            }

            if (model.Attention)
            {
                encoder.Attention(channels[^1], shrunk);
                decoder.Attention(channels[^1], shrunk);
            }
        }

        foreach (int width in hidden) features = encoder.Linear(features, width);
        PosteriorSpec posterior = PosteriorSpec.Parse(model.Posterior);
        encoder.Linear(features, posterior.Family.Outputs(model.Latent));
        // A flow maps each draw, as the decoder does.
        (double flowParameters, double flowElements, double flowLargest) = posterior.Size(model.Latent, features);
        decoder.Latents(flowParameters, flowElements, flowLargest);
        (double priorParameters, double priorElements, double priorLargest, _) = PriorSpec.Parse(model.Prior).Size(model);
        decoder.Latents(priorParameters, priorElements, priorLargest);
        double inside = posterior.Family.EventShape(model.Latent).Size + context;
        bool uncertain = model.Weights == "bayesian";
        foreach (int width in model.DecoderHidden ?? hidden.Reverse()) inside = decoder.Linear(inside, width, uncertain);
        if (model.Kind == "mlp") decoder.Linear(inside, outputs, uncertain);
        else decoder.Linear(inside, channels[^1] * (double)(model.EventShape[^2] >> channels.Count) * (model.EventShape[^1] >> channels.Count));
        decoder.Elements(outputs);
        return new ModelSize(encoder.Parameters + decoder.Parameters, encoder.Total, decoder.Total, Math.Max(encoder.Largest, Math.Max(decoder.Largest, Math.Max(size, outputs))), features);
    }

    /// <summary>Sums over the layers of a network. Doubles: exact far past any bound, and beyond that large enough to be refused.</summary>
    private sealed class Tally
    {
        public double Parameters { get; private set; }

        public double Total { get; private set; }

        public double Largest { get; private set; }

        public void Elements(double count)
        {
            Total += count;
            Largest = Math.Max(Largest, count);
        }

        public void Latents(double parameters, double elements, double largest)
        {
            Parameters += parameters;
            Total += elements;
            Largest = Math.Max(Largest, largest);
        }

        public double Linear(double inputs, double outputs, bool uncertain = false)
        {
            Parameters += (inputs + 1) * outputs * (uncertain ? 2 : 1);
            // A mean, a variance of squared inputs, noise, their product and sum.
            if (uncertain) Total += 2 * inputs + 5 * outputs;
            Elements(outputs);
            Elements(outputs); // and its nonlinearity
            return outputs;
        }

        public void Convolution(double inputs, double outputs, double window, double pixels)
        {
            Parameters += inputs * outputs * window + outputs;
            Elements(outputs * pixels);
            Elements(outputs * pixels);
        }

        public void Blocks(double channels, int count, double pixels)
        {
            // Two convolutions with a normalisation and a nonlinearity before each, and the sum with the shortcut.
            Parameters += count * 2 * (channels * channels * 9 + 3 * channels);
            Total += count * 7 * channels * pixels;
            Largest = Math.Max(Largest, channels * pixels);
        }

        public void Normalization(double channels, double pixels)
        {
            Parameters += 2 * channels;
            Total += 2 * channels * pixels; // and the nonlinearity after it
        }

        public void Attention(double channels, double pixels)
        {
            Parameters += 4 * channels * channels + 5 * channels; // four maps, three with an offset, and a normalisation
            Total += 10 * channels * pixels + 4 * pixels * pixels;
            Largest = Math.Max(Largest, pixels * pixels);
        }
    }
}
