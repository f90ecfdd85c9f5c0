package jmergekit.method;

import java.util.Arrays;
import java.util.Optional;
import jmergekit.linalg.OffHeap;
import jmergekit.linalg.Svd;
import jmergekit.primitive.Combination.BasePlus;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;

/// A method that decomposes the task vectors of the layers' matrices. Of all other tensors it adds the
/// weighted mean of the task vectors to the base: of embeddings, the head, vectors, and tensors of more
/// than two dimensions. So it does with a matrix that is not finite, or that no model changed.
abstract class SpectralMethod implements MergeMethod {
    static final Param WEIGHT =
            Param.number("weight", "factor on this model's task vector").eachModel().orElse(1);

    /// The task vectors of one matrix, each multiplied by its model's weight.
    interface Changes {
        /// Read again on every call.
        Matrix of(int source);

        /// The sum of all.
        Matrix sum();

        /// The sum of the squares of a task vector's elements.
        double squaredNorm(int source);

        /// The orthogonal polar factor of a matrix, with [Svd#CUT], if a GPU computes it.
        Optional<Matrix> polar(Matrix matrix);
    }

    /// The merged task vector of a matrix, before it is multiplied by `lambda`. At least one task
    /// vector is not zero, and all are finite.
    abstract Matrix change(MergeInput input, Changes changes);

    /// The most matrices of the tensor's size, in float32, that a merge has on the heap at once.
    abstract int copies();

    /// The most bytes outside the heap that the merge of a matrix needs.
    abstract long offHeap(MergeInput input);

    @Override
    public final long memory(MergeInput input) {
        return isForMatrices(input) ? Matrices.heap(input, copies()) : 0;
    }

    private static boolean isForMatrices(MergeInput input) {
        return Matrices.isMatrix(input) && !input.others().isEmpty();
    }

    @Override
    public final void merge(MergeInput input, Primitives primitives) {
        double lambda = input.number(CommonParams.LAMBDA);
        double[] weights = input.numbers(WEIGHT);
        Mask[] all = new Mask[input.sources()];
        Arrays.fill(all, Mask.ALL);
        if (isForMatrices(input)) {
            double[] squares = primitives.squareSums(all);
            double total = 0;
            for (int source : input.others()) {
                squares[source] *= weights[source] * weights[source];
                total += squares[source];
            }
            if (total > 0 && Double.isFinite(total)) {
                Changes changes = changes(input, primitives, weights, squares);
                Matrix change = OffHeap.with(offHeap(input), () -> change(input, changes));
                primitives.combine(new BasePlus(change, lambda));
                return;
            }
        }
        double[] ones = new double[input.sources()];
        Arrays.fill(ones, 1);
        primitives.combine(
                new TaskVectorSum(weights, ones, all, Election.NONE, Division.WEIGHTS, lambda));
    }

    private static Changes changes(
            MergeInput input, Primitives primitives, double[] weights, double[] squares) {
        return new Changes() {
            @Override
            public Matrix of(int source) {
                double[] own = new double[input.sources()];
                own[source] = weights[source];
                return primitives.taskVector(own);
            }

            @Override
            public Matrix sum() {
                return primitives.taskVector(weights);
            }

            @Override
            public double squaredNorm(int source) {
                return squares[source];
            }

            @Override
            public Optional<Matrix> polar(Matrix matrix) {
                return primitives.polar(matrix, Svd.CUT);
            }
        };
    }
}
