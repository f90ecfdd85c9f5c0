package jmergekit.transplant;

import jmergekit.plan.Source;
import jmergekit.tensor.TensorSpec;

/// A tensor of the model with a row for each token.
///
/// @param output the tensor with the donor's rows
/// @param source the model's own tensor
/// @param columns elements of a row; 1 for the bias of a head
record TokenTable(TensorSpec output, Source source, Side side, int columns) {}
