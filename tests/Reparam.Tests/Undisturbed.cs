namespace Reparam.Tests;

/// <summary>Tests that measure allocation or time and so run while no other test does.</summary>
[CollectionDefinition(nameof(Undisturbed), DisableParallelization = true)]
public sealed class Undisturbed;
