package jmergekit.compare;

import java.util.List;
import jmergekit.arch.Place;
import jmergekit.plan.TensorTask;

/// A tensor of which each model has a version.
///
/// @param name as the reference calls it
/// @param shapes of the versions
/// @param task whose inputs are the versions, in the order of the models, all of the task's shape
record VersionedTensor(String name, Place place, List<List<Long>> shapes, TensorTask task) {
    VersionedTensor {
        shapes = List.copyOf(shapes);
    }
}
