package jmergekit.engine;

import java.util.HashMap;
import java.util.Map;
import jmergekit.kernel.MappedRows;
import jmergekit.kernel.SourceTensor;
import jmergekit.plan.TensorSource;
import jmergekit.plan.TensorSource.RowSelection;

/// Opens the sources of tensors as the kernels read them: the stored elements, in the rows of the
/// merged vocabulary.
record SourceTensors(OpenFiles files) {
    SourceTensor open(TensorSource source) {
        return source.rows()
                .map(rows -> mapped(source, rows))
                .orElseGet(() -> stored(source, source.elements()));
    }

    private SourceTensor stored(TensorSource source, long elements) {
        return files.tensor(source.location(), elements);
    }

    private SourceTensor mapped(TensorSource source, RowSelection rows) {
        Map<Integer, SourceTensor> models = new HashMap<>();
        rows.others().forEach((model, other) -> models.put(model, open(other)));
        models.put(source.model(), stored(source, source.spec().shape().elements()));
        long columns = rows.shape().elements() / rows.table().rows();
        return new MappedRows(rows.table(), source.model(), models, columns);
    }
}
