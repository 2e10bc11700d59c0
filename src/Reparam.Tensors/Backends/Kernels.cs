namespace Reparam.Tensors.Backends;

/// <summary>The default slope of a leaky rectifier: the same for the operation and inside a layer.</summary>
internal static class LeakySlope
{
    public const double Default = 0.01;
}

/// <summary>Elementwise functions of one argument. x is the input; p0 and p1 are the scalars of the kernel.</summary>
internal enum UnaryKernel
{
    Negate, Abs, Sign, Square, Sqrt, Reciprocal,
    Exp, ExpM1, Log, LogP1, Sin, Cos, Tanh, Erf,

    /// <summary>exp(x) of the logarithm of a weight; in Float32 0 below 2^-60.</summary>
    SoftMaxWeight,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>log(1 + exp(x)), without overflow.</summary>
    SoftPlus,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x for x >= 0, p0 * x for x below 0.</summary>
    LeakyRelu,

    /// <summary>x * sigmoid(x).</summary>
    Silu,

    /// <summary>x * 0.5 * (1 + erf(x / sqrt 2)).</summary>
    Gelu,

    /// <summary>min(max(x, p0), p1).</summary>
    Clamp,

    /// <summary>The largest integer that is not above x.</summary>
    Floor,

    /// <summary>fma(x, p0, p1).</summary>
    Affine,
}

/// <summary>Elementwise functions of two arguments a and b. For kernels named Gradient, a is the upstream gradient g,
/// and b is x or y as the formula shows.</summary>
internal enum BinaryKernel
{
    Add, Subtract, Multiply, Divide, Maximum, Minimum,

    /// <summary>1 where a >= b, else 0.</summary>
    GreaterOrEqual,

    /// <summary>1 where a &lt; b, else 0.</summary>
    Less,

    /// <summary>b where a is not 0, else 0, also if b is infinite or NaN.</summary>
    Masked,

    /// <summary>g where the sign of x is positive, -g where negative, 0 at 0.</summary>
    AbsGradient,

    /// <summary>g * 0.5 / y, y = sqrt(x).</summary>
    SqrtGradient,

    /// <summary>2 * g * x.</summary>
    SquareGradient,

    /// <summary>-g * y * y, y = 1/x.</summary>
    ReciprocalGradient,

    /// <summary>fma(g, y, g) with y = expm1(x): g * exp(x).</summary>
    ExpM1Gradient,

    /// <summary>g / (1 + x).</summary>
    LogP1Gradient,

    /// <summary>g * (1 - y * y), y = tanh(x).</summary>
    TanhGradient,

    /// <summary>g * 2 / sqrt(pi) * exp(-x * x).</summary>
    ErfGradient,

    /// <summary>g * y * (1 - y), y = sigmoid(x).</summary>
    SigmoidGradient,

    /// <summary>g * sigmoid(x).</summary>
    SoftPlusGradient,

    /// <summary>g where x > 0, else 0.</summary>
    ReluGradient,

    /// <summary>g where x >= 0, else p0 * g.</summary>
    LeakyReluGradient,

    /// <summary>g * (s + x * s * (1 - s)), s = sigmoid(x).</summary>
    SiluGradient,

    /// <summary>g * (Phi(x) + x * phi(x)), the standard normal CDF and density.</summary>
    GeluGradient,

    /// <summary>g where p0 &lt;= x &lt;= p1, else 0.</summary>
    ClampGradient,

    /// <summary>log Bernoulli(x; logits l) with a = l, b = x: x * l - softplus(l).</summary>
    BernoulliLogits,

    /// <summary>d/dl of <see cref="BernoulliLogits"/> with a = l, b = x: x - sigmoid(l).</summary>
    BernoulliResidual,
}

/// <summary>
/// Log-densities and divergences that sum over an event, as functions of up to four arguments a, b, c, d of each
/// element. The kernel also computes the derivatives with respect to the arguments marked First and Second.
/// </summary>
internal enum DensityKernel
{
    /// <summary>log Bernoulli(b; logits a) = a b - softplus(a). First, d/da: b - sigmoid(a).</summary>
    BernoulliLogits,

    /// <summary>log N(a; b, exp(c)^2) = -0.5 u^2 - c - 0.5 log 2 pi, u = (a - b) exp(-c). First, d/da: -u exp(-c).
    /// Second, d/dc: u^2 - 1.</summary>
    Normal,

    /// <summary>KL(N(a, exp(b)^2) || N(c, exp(d)^2)) = 0.5 (expm1(2r) + s^2) - r, r = b - d, s = (a - c) exp(-d).
    /// First, d/da: s exp(-d). Second, d/db: expm1(2r).</summary>
    NormalKL,
}

/// <summary>Extents of a density: y has one element per row. If an operand has fewer rows than y, its rows repeat in
/// order.</summary>
internal readonly record struct DensityPlan(int Rows, int Columns, int RowsA, int RowsB, int RowsC = 1, int RowsD = 1);

/// <summary>Reductions along one axis. Sum follows the canonical tree, so the bits depend only on the
/// extents.</summary>
internal enum ReduceKernel
{
    /// <summary>Sum; identity 0.</summary>
    Sum,

    /// <summary>Maximum; identity -infinity; NaN if any element is NaN.</summary>
    Max,
}

/// <summary>Kinds of noise.</summary>
internal enum RandomKernel
{
    /// <summary>Multiples of 2^-24 (Float32) or 2^-53 (Float64) in [0, 1).</summary>
    Uniform,

    /// <summary>Midpoints of 2^23 (Float32) or 2^52 (Float64) cells in (0, 1): never 0, never 1.</summary>
    UniformOpen,

    /// <summary>Standard normal by Box-Muller.</summary>
    Normal,
}

/// <summary>Optimiser updates; p parameter, g gradient, m first state, v second state, scalars as named in
/// <see cref="UpdateScalars"/>.</summary>
internal enum UpdateKernel
{
    /// <summary>g += decay * p; p -= rate * g.</summary>
    Sgd,

    /// <summary>g += decay * p; m = beta1 * m + g; p -= rate * m, or rate * (g + beta1 * m) with Nesterov
    /// (flag).</summary>
    Momentum,

    /// <summary>g += decay * p; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; p -= (rate / correction1) *
    /// (m / (sqrt(v) * (1 / sqrt(correction2)) + epsilon)). Both quotients of scalars are computed in double; the
    /// denominator and the difference are each rounded once.</summary>
    Adam,

    /// <summary>p -= rate * decay * p, then Adam without decay.</summary>
    AdamW,

    /// <summary>g += decay * p; v += g^2; p -= rate * g / (sqrt(v) + epsilon).</summary>
    Adagrad,

    /// <summary>g += decay * p; m = beta1 m + (1 - beta1) g; v = max(beta2 v, |g| + epsilon); p -= rate / correction1 *
    /// m / v.</summary>
    Adamax,

    /// <summary>g += decay * p; v = beta2 v + (1 - beta2) g^2; without momentum p -= rate * g / (sqrt(v) + epsilon);
    /// with momentum (m given) m = beta1 m + g / (sqrt(v) + epsilon), p -= rate * m.</summary>
    RmsProp,
}

/// <summary>The scalars of an <see cref="UpdateKernel"/>. The gradient is first multiplied by
/// <see cref="GradientScale"/> (for clipping).</summary>
internal readonly record struct UpdateScalars(
    double Rate, double Decay, double Beta1, double Beta2, double Epsilon, double Correction1, double Correction2,
    bool Nesterov, double GradientScale = 1);

/// <summary>
/// Coordinates of a block of noise. Element e of the flattened (outer, inner) index of sample s is a function of (key,
/// draw, step, firstSample + s, e) only. Philox4x32-10 with key words (low, high half of Key) and counter words c0 =
/// block, c1 = firstSample + s, c2 = step, c3 = draw. Float32: block = e / 4, word e % 4. Float64: block = e / 2, words
/// 2(e % 2) (low half) and 2(e % 2) + 1 (high half) joined to 64 bits. Normals: Box-Muller on the pair (words 0, 1) and
/// the pair (words 2, 3) for Float32, on the two 64-bit words for Float64; the even element takes the cosine, the odd
/// the sine.
/// </summary>
internal readonly record struct NoiseStream(ulong Key, uint Draw, uint Step, uint FirstSample);

/// <summary>Extents of a matrix product: op(a) is [M,K], op(b) is [K,N]. TransposeA: a is stored [K,M]. TransposeB: b
/// is stored [N,K]. With a batch, each operand and the result consist of Batch consecutive matrices.</summary>
internal readonly record struct MatMulPlan(int M, int N, int K, bool TransposeA, bool TransposeB, int Batch = 1)
{
    /// <summary>Applied to every element of the result, after the bias.</summary>
    public Nonlinearity Nonlinearity { get; init; }
}
