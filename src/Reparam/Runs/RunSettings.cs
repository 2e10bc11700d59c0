using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Training.Optimizers;

namespace Reparam.Runs;

/// <summary>
/// All settings of a run. The settings, the version of the library and the data determine the trained weights to the
/// bit. The settings are saved as <c>config.json</c>.
/// </summary>
public sealed record RunSettings : Settings
{
    /// <summary>The schema that this version writes, and the newest schema that it reads.</summary>
    public const int CurrentSchema = 2;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<RunSettings>(
        "run", "a training run",
        Setting.Group<RunSettings, DataSettings>(
            "data", s => s.Data, (s, v) => s with { Data = v }, "the data of the run"),
        Setting.Section<RunSettings, ModelSettings>(
            "model", s => s.Model, (s, v) => s with { Model = v }, "the model to train"),
        Setting.Section<RunSettings, ObjectiveSettings>(
            "objective", s => s.Objective, (s, v) => s with { Objective = v }, "the objective to maximise"),
        Setting.Section<RunSettings, OptimizerSettings>(
            "optimizer", s => s.Optimizer, (s, v) => s with { Optimizer = v }, "the optimiser and its learning rate"),
        Setting.Group<RunSettings, TrainingSettings>(
            "training", s => s.Training, (s, v) => s with { Training = v },
            "length, batch size, seed and checkpoints"),
        Setting.Group<RunSettings, CardSettings>(
            "card", s => s.Card, (s, v) => s with { Card = v }, "what only you know, for the model card"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>
    /// The defaults for tables: a small net of tanh units with a linear skip, and training until the validation bound
    /// has not improved for 15 epochs.
    /// </summary>
    public static RunSettings ForTables { get; } = new()
    {
        Model = new VaeSettings
        {
            Latent = 16,
            Network = new MlpNetworkSettings { Hidden = [64], Activation = Activation.Tanh, Skips = true },
        },
        Optimizer = new AdamSettings { LearningRate = 2e-3 },
        Training = new TrainingSettings { Epochs = 500, Patience = 15 },
    };

    /// <summary>The defaults for windows of rows: those for tables with more patience, and one column in 100 is hidden
    /// from the encoder in training, so that the model can tell a column from the others.</summary>
    public static RunSettings ForWindows { get; } = ForTables with
    {
        Model = (VaeSettings)ForTables.Model with { InputNoise = 0.01 },
        Training = ForTables.Training with { Patience = 30 },
    };

    /// <summary>The data of the run.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>The model to train.</summary>
    public ModelSettings Model { get; init; } = new VaeSettings();

    /// <summary>The choices about the columns of a table, of the data and of the model's condition.</summary>
    internal TableChoices TableChoices => Data.Choices with { Conditions = Model.ConditionColumns };

    /// <summary>The objective to maximise.</summary>
    public ObjectiveSettings Objective { get; init; } = new ElboSettings();

    /// <summary>The optimiser.</summary>
    public OptimizerSettings Optimizer { get; init; } = new AdamSettings();

    /// <summary>The length of training, the batch size, the seed and the checkpoints.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>The licence and the intended use, for the model card.</summary>
    public CardSettings Card { get; init; } = new();
}
