package jmergekit.compare;

import java.util.List;
import jmergekit.arch.Place;
import jmergekit.plan.TensorTask;

/// A tensor with a version in each model.
///
/// @param name its name in the reference
/// @param shapes the shapes of the versions
/// @param task a task whose inputs are the versions, in the order of the models, all with the
///     task's shape
record VersionedTensor(String name, Place place, List<List<Long>> shapes, TensorTask task) {
    VersionedTensor {
        shapes = List.copyOf(shapes);
    }
}
