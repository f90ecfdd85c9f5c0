package jmergekit.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/// Core Space: the changes between two orthonormal bases, `U` of all columns of the `B` and `V` of
/// all rows of the `A`. A change `s B A` is the matrix `Uᵀ (s B A) V`, with no loss.
///
/// The bases are the left singular vectors of the `s B` side by side and of the `Aᵀ` side by side.
/// Directions that several changes share appear once, so the matrices may have fewer rows or
/// columns than the ranks add up to.
///
/// Source: Panariello et al., "Accurate and Efficient Low-Rank Model Merging in Core Space",
/// <https://arxiv.org/abs/2509.17786>.
final class CoreSpace implements SmallSpace {
    private final DMatrixRMaj left;
    private final DMatrixRMaj right;
    private final List<DMatrixRMaj> cores;

    private CoreSpace(DMatrixRMaj left, DMatrixRMaj right, List<DMatrixRMaj> cores) {
        this.left = left;
        this.right = right;
        this.cores = cores;
    }

    static CoreSpace of(List<FactorPair> changes, int rows, int columns) {
        DMatrixRMaj left = basis(changes, rows, c -> c.scaledB(rows));
        DMatrixRMaj right = basis(changes, columns, c -> c.transposedA(columns));
        List<DMatrixRMaj> cores = new ArrayList<>();
        for (FactorPair change : changes) {
            DMatrixRMaj ofB = new DMatrixRMaj(left.numCols, change.rank());
            CommonOps_DDRM.multTransA(left, change.scaledB(rows), ofB);
            DMatrixRMaj ofA = new DMatrixRMaj(right.numCols, change.rank());
            CommonOps_DDRM.multTransA(right, change.transposedA(columns), ofA);
            DMatrixRMaj core = new DMatrixRMaj(left.numCols, right.numCols);
            CommonOps_DDRM.multTransB(ofB, ofA, core);
            cores.add(core);
        }
        return new CoreSpace(left, right, cores);
    }

    private static DMatrixRMaj basis(
            List<FactorPair> changes, int rows, Function<FactorPair, DMatrixRMaj> factor) {
        return ThinSvd.of(SideBySide.of(changes.stream().map(factor).toList(), rows)).left();
    }

    @Override
    public int rows() {
        return left.numCols;
    }

    @Override
    public int columns() {
        return right.numCols;
    }

    @Override
    public float[] matrix(int change) {
        return SideBySide.narrow(cores.get(change));
    }

    @Override
    public TruncatedProduct product(float[] merged, int rank) {
        return TruncatedProduct.of(left, SideBySide.widen(merged, rows(), columns()), right, rank);
    }
}
