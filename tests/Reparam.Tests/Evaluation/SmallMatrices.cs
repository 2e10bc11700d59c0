namespace Reparam.Tests.Evaluation;

/// <summary>Dense linear algebra in double for matrices of a dozen rows, as an oracle.</summary>
internal static class SmallMatrices
{
    /// <summary>The eigenvalues of a symmetric matrix, largest first, by cyclic Jacobi rotations.</summary>
    public static double[] Eigenvalues(double[,] symmetric)
    {
        double[,] a = (double[,])symmetric.Clone();
        int n = a.GetLength(0);
        for (int sweep = 0; sweep < 50; sweep++)
        {
            double off = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    off += a[p, q] * a[p, q];
                    if (a[p, q] != 0) Rotate(a, p, q);
                }
            }

            if (off < 1e-28) break;
        }

        return [.. Enumerable.Range(0, n).Select(i => a[i, i]).OrderDescending()];
    }

    /// <summary>log N(x; mean, covariance), through the Cholesky factor.</summary>
    public static double LogNormal(double[] x, double[] mean, double[,] factor)
    {
        int n = x.Length;
        double[] solved = new double[n];
        double total = -0.5 * n * Math.Log(2 * Math.PI);
        for (int i = 0; i < n; i++)
        {
            double rest = x[i] - mean[i];
            for (int j = 0; j < i; j++) rest -= factor[i, j] * solved[j];
            solved[i] = rest / factor[i, i];
            total -= 0.5 * solved[i] * solved[i] + Math.Log(factor[i, i]);
        }

        return total;
    }

    /// <summary>The lower triangular L with L L^T the given positive definite matrix.</summary>
    public static double[,] Cholesky(double[,] a)
    {
        int n = a.GetLength(0);
        double[,] l = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i, j];
                for (int k = 0; k < j; k++) sum -= l[i, k] * l[j, k];
                l[i, j] = i == j ? Math.Sqrt(sum) : sum / l[j, j];
            }
        }

        return l;
    }

    private static void Rotate(double[,] a, int p, int q)
    {
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++) (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < n; k++) (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
    }
}
