package jmergekit.linalg;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/// KnOTS: the changes side by side are `U S [V_1ᵀ ... V_Tᵀ]` by their singular values. A change is
/// the wide matrix `V_iᵀ`; `U S` belongs to all of them and is multiplied back after the merge.
///
/// The changes themselves are never computed: with the bases `Q` of the `s B` and `Q_i` of each
/// `A_i`, the singular values of the small matrix `Qᵀ [s_1 B_1 A_1 Q_1 ... s_T B_T A_T Q_T]` are
/// those of the changes side by side.
///
/// Source: Stoica et al., "Model merging with SVD to tie the Knots",
/// <https://arxiv.org/abs/2410.19735>.
final class KnotsSpace implements SmallSpace {
    private final DMatrixRMaj left;
    private final double[] values;
    private final List<DMatrixRMaj> rights;
    private final int columns;

    private KnotsSpace(DMatrixRMaj left, double[] values, List<DMatrixRMaj> rights, int columns) {
        this.left = left;
        this.values = values;
        this.rights = rights;
        this.columns = columns;
    }

    static KnotsSpace of(List<FactorPair> changes, int rows, int columns) {
        DMatrixRMaj basis =
                ThinSvd.of(SideBySide.of(changes.stream().map(c -> c.scaledB(rows)).toList(), rows))
                        .left();
        List<DMatrixRMaj> bases = new ArrayList<>();
        List<DMatrixRMaj> blocks = new ArrayList<>();
        for (FactorPair change : changes) {
            DMatrixRMaj a = change.transposedA(columns);
            DMatrixRMaj own = ThinSvd.of(a).left();
            DMatrixRMaj ofA = new DMatrixRMaj(own.numCols, change.rank());
            CommonOps_DDRM.multTransA(own, a, ofA);
            DMatrixRMaj ofB = new DMatrixRMaj(basis.numCols, change.rank());
            CommonOps_DDRM.multTransA(basis, change.scaledB(rows), ofB);
            DMatrixRMaj block = new DMatrixRMaj(basis.numCols, own.numCols);
            CommonOps_DDRM.multTransB(ofB, ofA, block);
            bases.add(own);
            blocks.add(block);
        }
        ThinSvd svd = ThinSvd.of(SideBySide.of(blocks, basis.numCols));
        DMatrixRMaj left = new DMatrixRMaj(rows, svd.rank());
        CommonOps_DDRM.mult(basis, svd.left(), left);
        List<DMatrixRMaj> rights = new ArrayList<>();
        int first = 0;
        for (DMatrixRMaj own : bases) {
            DMatrixRMaj part = new DMatrixRMaj(own.numCols, svd.rank());
            System.arraycopy(
                    svd.right().data, first * svd.rank(), part.data, 0, own.numCols * svd.rank());
            DMatrixRMaj right = new DMatrixRMaj(svd.rank(), columns);
            CommonOps_DDRM.multTransAB(part, own, right);
            rights.add(right);
            first += own.numCols;
        }
        return new KnotsSpace(left, svd.values(), rights, columns);
    }

    @Override
    public int rows() {
        return values.length;
    }

    @Override
    public int columns() {
        return values.length == 0 ? 0 : columns;
    }

    @Override
    public float[] matrix(int change) {
        return SideBySide.narrow(rights.get(change));
    }

    @Override
    public TruncatedProduct product(float[] merged, int rank) {
        int rows = left.numRows;
        if (rows() == 0) {
            return TruncatedProduct.zero(rows, columns, rank);
        }
        // The transpose of S Vᵀ is tall: its singular vectors on one side replace the identity.
        DMatrixRMaj scaled = new DMatrixRMaj(columns, rows());
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < columns; j++) {
                scaled.data[j * rows() + i] = values[i] * merged[i * columns + j];
            }
        }
        ThinSvd wide = ThinSvd.of(scaled);
        DMatrixRMaj middle = new DMatrixRMaj(rows(), wide.rank());
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < wide.rank(); j++) {
                middle.data[i * wide.rank() + j] = wide.right().get(i, j) * wide.values()[j];
            }
        }
        return TruncatedProduct.of(left, middle, wide.left(), rank);
    }
}
