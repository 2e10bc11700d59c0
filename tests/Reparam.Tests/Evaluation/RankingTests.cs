using Reparam.Evaluation;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

/// <summary>Ranking against pairs counted one by one, and against scikit-learn's numbers.</summary>
public sealed class RankingTests
{
    [Fact]
    public void Roc_area_is_the_share_of_ordered_pairs()
    {
        double[] scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, -1, 2];
        bool[] marks = [false, false, true, true, true, false, false, true];
        double pairs = 0, ordered = 0;
        for (int i = 0; i < 8; i++)
        {
            for (int j = 0; j < 8; j++)
            {
                if (!marks[i] || marks[j]) continue;
                pairs++;
                ordered += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }

        Close.Require(ordered / pairs, Ranking.Of(scores, marks).RocAuc, 1e-14);
    }

    [Fact]
    public void Numbers_are_those_of_scikit_learn()
    {
        // sklearn.metrics.roc_auc_score and average_precision_score of scikit-learn 1.2.1 for these arrays.
        Ranking ranking = Ranking.Of([0.1, 0.4, 0.35, 0.8], [false, false, true, true]);
        Close.Require(0.75, ranking.RocAuc, 1e-14);
        Close.Require(0.8333333333333333, ranking.AveragePrecision, 1e-14);
        ranking = Ranking.Of([1, 1, 1, 0, 0, 2], [true, false, true, false, true, false]);
        Close.Require(0.3888888888888889, ranking.RocAuc, 1e-14);
        Close.Require(0.5, ranking.AveragePrecision, 1e-14);
    }

    [Fact]
    public void Ranking_of_one_kind_is_refused() =>
        Assert.Throws<ArgumentException>(() => Ranking.Of([1, 2], [true, true]));
}
