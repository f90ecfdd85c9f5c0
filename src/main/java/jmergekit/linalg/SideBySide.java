package jmergekit.linalg;

import java.util.List;
import org.ejml.data.DMatrixRMaj;

/// Moves elements between matrices and arrays.
final class SideBySide {
    private SideBySide() {}

    /// Matrices of equal height side by side.
    static DMatrixRMaj of(List<DMatrixRMaj> parts, int rows) {
        int columns = parts.stream().mapToInt(p -> p.numCols).sum();
        DMatrixRMaj all = new DMatrixRMaj(rows, columns);
        int first = 0;
        for (DMatrixRMaj part : parts) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(
                        part.data,
                        row * part.numCols,
                        all.data,
                        row * columns + first,
                        part.numCols);
            }
            first += part.numCols;
        }
        return all;
    }

    /// The elements in float32, row by row.
    static float[] narrow(DMatrixRMaj matrix) {
        float[] values = new float[matrix.getNumElements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) matrix.data[i];
        }
        return values;
    }

    /// The matrix of these elements.
    static DMatrixRMaj widen(float[] values, int rows, int columns) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < values.length; i++) {
            matrix.data[i] = values[i];
        }
        return matrix;
    }
}
