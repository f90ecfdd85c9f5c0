package jmergekit.model;

import java.util.List;
import java.util.Optional;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightFormat;

/// The files of a model of loose tensors.
///
/// @param folder that holds them, and nothing else that could be taken for them
/// @param formats by their rank
/// @param repository the hub's, if they are from there
record LooseFiles(WeightFolder folder, List<WeightFormat> formats, Optional<String> repository) {}
