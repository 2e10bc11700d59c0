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
        bool normalized = model.Normalization == "batch";
        Tally encoder = new(normalized), decoder = new(normalized);
        double size = model.EventShape.Aggregate(1.0, (product, extent) => product * extent), outputs = size * likelihood.OutputsPerElement;
        double features = Trunk(model, model.Classes, encoder), inside;
        if (model.Family == "vq-vae")
        {
            // One convolution to the codes' vectors, one back; distances to all codes, the choice.
            double places = Places(model);
            encoder.Convolution(model.Channels![^1], model.Latent, 1, places);
            decoder.Convolution(model.Latent, model.Channels[^1], 9, places);
            encoder.Latents(0, places * (6.0 * model.Codes + 6 * model.Latent), places * model.Codes);
            inside = 0;
        }
        else
        {
            PosteriorSpec posterior = PosteriorSpec.Parse(model.Posterior);
            encoder.Linear(features, posterior.Family.Outputs(model.Latent));
            // A flow maps each draw, as the decoder does.
            (double flowParameters, double flowElements, double flowLargest) = posterior.Size(model.Latent, features);
            decoder.Latents(flowParameters, flowElements, flowLargest);
            inside = posterior.Family.EventShape(model.Latent).Size + model.Classes;
            if (model.IsLayered) Layers(model, features, encoder, decoder);
        }

        (double priorParameters, double priorElements, double priorLargest, _) = PriorSpec.Parse(model.Prior).Size(model.IsLayered ? model with { Latent = model.Upper![^1] } : model);
        decoder.Latents(priorParameters, priorElements, priorLargest);
        Generate(model, inside, outputs, decoder);
        double parameters = encoder.Parameters + decoder.Parameters, encoded = encoder.Total;
        if (model.Family == "semi-supervised")
        {
            // The classifier is an encoder of the datum alone with one latent of C outcomes; the other runs once for each class.
            var classifier = new Tally(false);
            classifier.Linear(Trunk(model, 0, classifier), model.Classes);
            parameters += classifier.Parameters;
            encoded = encoded * model.Classes + classifier.Total;
        }

        return new ModelSize(parameters, encoded, decoder.Total, Math.Max(encoder.Largest, Math.Max(decoder.Largest, Math.Max(size, outputs))), features);
    }

    /// <summary>Places of a vq-vae's image of codes.</summary>
    public static double Places(ModelConfig model) => (double)(model.EventShape[^2] >> model.Channels!.Count) * (model.EventShape[^1] >> model.Channels.Count);

    /// <summary>The encoder up to its last hidden layer, whose width it returns, of data joined to a context.</summary>
    private static double Trunk(ModelConfig model, double context, Tally encoder)
    {
        double features = model.EventShape.Aggregate(1.0, (product, extent) => product * extent) + context;
        if (model.Kind != "mlp")
        {
            bool residual = model.Kind == "resnet";
            double pixels = (double)model.EventShape[^2] * model.EventShape[^1], inputs = (features - context) / pixels + context;
            foreach (int width in model.Channels!)
            {
                pixels /= 4;
                encoder.Convolution(inputs, width, residual ? 9 : 16, pixels);
                if (residual) encoder.Blocks(width, model.Blocks, pixels);
                inputs = width;
            }

            features = inputs * pixels;
            if (residual) encoder.Normalization(inputs, pixels);
            if (model.Attention) encoder.Attention(inputs, pixels);
        }

        foreach (int width in model.Hidden!) features = encoder.Hidden(features, width);
        return features;
    }

    /// <summary>The decoder from latents of a length, or, of length 0, from the smallest image.</summary>
    private static void Generate(ModelConfig model, double inside, double outputs, Tally decoder)
    {
        bool uncertain = model.Weights == "bayesian", residual = model.Kind == "resnet";
        foreach (int width in model.DecoderHidden ?? [.. model.Hidden!.Reverse()]) inside = decoder.Hidden(inside, width, uncertain);
        if (model.Kind == "mlp")
        {
            decoder.Linear(inside, outputs, uncertain);
        }
        else
        {
            IReadOnlyList<int> channels = model.Channels!;
            double whole = (double)model.EventShape[^2] * model.EventShape[^1], pixels = Math.ScaleB(whole, -2 * channels.Count);
            if (inside > 0) decoder.Linear(inside, channels[^1] * Places(model));
            if (model.Attention) decoder.Attention(channels[^1], pixels);
            // The encoder's levels upwards.
            for (int level = channels.Count - 1; level >= 0; level--)
            {
                if (residual) decoder.Blocks(channels[level], model.Blocks, pixels);
                pixels *= 4;
                decoder.Convolution(channels[level], level > 0 ? channels[level - 1] : outputs / whole, residual ? 9 : 16, pixels);
                if (residual) decoder.Elements(channels[level] * pixels); // the enlarged image
            }

            if (residual) decoder.Normalization(channels[0], pixels / 4);
        }

        decoder.Elements(outputs);
    }

    /// <summary>The networks between layers of latents, each of two hidden layers.</summary>
    private static void Layers(ModelConfig model, double features, Tally encoder, Tally decoder)
    {
        double below = model.Latent;
        for (int l = 0; l < model.Upper!.Count; l++)
        {
            double above = model.Upper[l], width = model.UpperHidden![l];
            // What is inferred from draws is inferred for each of them, as is what is generated.
            Network(model.Family == "hierarchical" ? decoder : encoder, model.Family == "hierarchical" ? below : features, width, above);
            Network(decoder, above, width, below);
            decoder.Latents(0, 12 * (above + below), 2 * Math.Max(above, below));
            (features, below) = (width, above);
        }

        static void Network(Tally tally, double inputs, double width, double outputs)
        {
            tally.Hidden(inputs, width);
            tally.Hidden(width, width);
            tally.Linear(width, 2 * outputs);
        }
    }

    /// <summary>Sums over the layers of a network. Doubles: exact far past any bound, and beyond that large enough to be refused.</summary>
    /// <param name="normalized">Whether hidden layers are normalised over the batch.</param>
    private sealed class Tally(bool normalized)
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

        public double Hidden(double inputs, double outputs, bool uncertain = false)
        {
            // Instead of a bias a scale and an offset; what is centred, normalised, scaled and shifted.
            if (normalized) Parameters += outputs;
            if (normalized) Total += 4 * outputs;
            return Linear(inputs, outputs, uncertain);
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
