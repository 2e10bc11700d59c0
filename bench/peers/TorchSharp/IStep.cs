namespace Reparam.Peers;

/// <summary>A training step that can be repeated.</summary>
internal interface IStep
{
    void Take();
}
