package jmergekit.model;

import java.util.List;
import java.util.Optional;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightFormat;

/// The files of a model of loose tensors.
///
/// @param folder the folder with the files, and no others that could be mistaken for them
/// @param formats the formats by rank
/// @param repository the hub's repository, if they come from there
record LooseFiles(WeightFolder folder, List<WeightFormat> formats, Optional<String> repository) {}
